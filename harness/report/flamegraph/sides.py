"""What is held against what: one profiled arm, or a base and a head."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.flamegraph.profiled import Profiled, unlike


@dataclass(frozen=True)
class Sides:
    """One profiled arm, or a base and a head."""

    base: Profiled
    head: Profiled | None
    tools: Sequence[str]

    @property
    def both(self) -> list[Profiled]:
        return [self.base] if self.head is None else [self.base, self.head]

    @property
    def shared_tools(self) -> list[str]:
        return [t for t in self.tools if all(t in side.passes for side in self.both)]

    def trials(self, tool: str) -> list[str]:
        """The passes of a tool, base first."""
        return [side.passes[tool] for side in self.both]

    @property
    def page_name(self) -> str:
        """By the trials of the first tool."""
        return page_name(*self.trials(self.shared_tools[0]))

    @property
    def differences(self) -> list[str]:
        """In what the two differ beside their framework and version."""
        if self.head is None:
            return []
        sizes = {side.size for side in self.both}
        return [*unlike(self.base, self.head), *(["size"] if len(sizes) > 1 else [])]


def page_name(base: str, head: str | None = None) -> str:
    """The file of two passes, by their trials; the report looks for it too."""
    return f"flamegraph-{base}-{head}.html" if head else f"flamegraph-{base}.html"
