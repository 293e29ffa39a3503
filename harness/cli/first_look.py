"""The quickstart of nox and of ``taskqueue-bench``: a comparison, then the report."""

from collections.abc import Mapping, Sequence

from harness.cli.carry_out import carry_out
from harness.cli.command import Command
from harness.cli.exits import Exit
from harness.cli.host import run_harness
from harness.cli.matrix import Matrix
from harness.cli.start import Typed

QUICKSTART = "quickstart"
MINUTES = "five minutes"  # with the build: 4:56 in a fresh clone on two cores
QUICKSTART_HELP = (
    f"Which of two frameworks is faster, by how much, how sure: {MINUTES}, then the report."
)
# Six claims, which take eight blocks.
QUICK = ("--quick", "--blocks", "8", "--load", "throughput", "--load", "latency at load 0.5")


def first_words(words: Sequence[str], matrix: Matrix) -> list[str]:
    """What is compared, and the words that were typed."""
    return [*matrix.quickstart, *QUICK, *words]


def first_look(comparison: Typed, commands: Mapping[str, Command]) -> int:
    """Carry it out and write the report of its database; the exit code."""
    code = carry_out(comparison, commands)
    if code not in {Exit.FINE, Exit.FOUND}:  # that one of them is slower is an answer
        return code
    return run_harness(comparison.matrix, "report", "--db", str(comparison.options.db))
