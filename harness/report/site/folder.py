"""The folder of a site: each page knows the way to its root, and all lead to the same pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.report.files import write
from harness.report.render import TEMPLATES, render

STYLE = "style.css"


@dataclass(frozen=True)
class Site:
    """``navigation``: title and address of what every page leads to; addresses are from the root.
    ``source``: what the figures are from, in words.
    """

    out: Path
    navigation: Sequence[tuple[str, str]]
    source: str

    def write(self, address: str, template: str, values: Mapping[str, Any]) -> None:
        """The page of ``templates/site/TEMPLATE.html.j2``."""
        path = self.out / address
        path.parent.mkdir(parents=True, exist_ok=True)
        around = {
            "root": "../" * address.count("/"),
            "address": address,
            "navigation": self.navigation,
            "source": self.source,
        }
        write(path, render(f"site/{template}", {**around, **values}))

    def write_style(self) -> None:
        """Of all these pages: a browser keeps it."""
        parts = (TEMPLATES / "page.css", TEMPLATES / "site" / "site.css")
        write(self.out / STYLE, "".join(part.read_text() for part in parts))
