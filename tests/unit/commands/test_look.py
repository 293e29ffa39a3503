"""What commands of several arms end with: the answer of their own experiment, or none."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from harness.cli.command import Command
from harness.cli.exits import Exit
from harness.cli.matrix import Matrix
from harness.commands.compare import COMMAND as COMPARE
from harness.commands.regress import COMMAND as REGRESS
from harness.commands.survey import COMMAND as SURVEY
from tests.made.rows import Rows, made

COMPARED = "harness.experiment.comparison.compare.compare"
SURVEYED = "harness.experiment.survey.carry_out.survey"


def two_experiments(rows: Rows) -> None:
    """The newer one is of another arm."""
    rows.experiment("ours", 1)
    rows.trial("ours", "celery", metrics={"drain_rate": 100.0})
    rows.experiment("theirs", 2)
    rows.trial("theirs", "rq", metrics={"drain_rate": 900.0})


@pytest.mark.parametrize(("experiment", "code"), [("", Exit.NO_VERDICT), ("ours", Exit.FINE)])
@pytest.mark.parametrize(
    ("command", "words", "carried_out"),
    [
        (COMPARE, ["celery", "asynctasq"], COMPARED),
        (REGRESS, ["celery", "--last", "2"], COMPARED),
        (SURVEY, ["celery"], SURVEYED),
    ],
    ids=["compare", "regress", "survey"],
)
def test_a_command_ends_with_the_answer_of_its_own_trials(
    command: Command,
    words: list[str],
    carried_out: str,
    experiment: str,
    code: Exit,
    matrix: Matrix,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And with none where there was no time for a trial, whatever else the database holds."""
    database = made(tmp_path, two_experiments)
    monkeypatch.setattr(carried_out, lambda *_, **__: (code, experiment))
    for module in ("comparison", "piece_by_piece"):
        monkeypatch.setattr(f"harness.commands.{module}.alone", lambda *_: nullcontext())
    options = command.parse([*words, "--db", str(database)], matrix)
    assert command.run(options, matrix) == code
    said = capsys.readouterr().out
    assert ("celery 1.0: 100 tasks/s" in said) == bool(experiment)
    assert "rq" not in said
