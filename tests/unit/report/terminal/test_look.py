"""One look on a terminal of 80 columns."""

from rich.console import Console

from harness.report.answer.ranking import rankings
from harness.report.terminal.look import look
from tests.unit.report.answer.made import facts

MANY = [float(n) for n in range(1, 11)]
LONG = "celery path@dbbef0247e+dirty.e81d96d7"


def shown(trials: dict[str, list[float]]) -> list[str]:
    console = Console(width=80, highlight=False)
    with console.capture() as captured:
        for piece in look(rankings(facts(trials))):
            console.print(piece)
    return captured.get().splitlines()


def test_intervals_of_one_kind_are_named_once() -> None:
    lines = shown({"ant": MANY, "bee": [10 * each for each in MANY]})
    assert lines[0] == "Throughput, tasks/s (higher is better, 95 % interval of 10 trials)"
    assert [line.split()[0] for line in lines[1:3]] == ["bee", "ant"]
    assert sum("interval" in line for line in lines[:3]) == 1


def test_intervals_of_several_kinds_say_each_its_own() -> None:
    lines = shown({"ant": MANY, "bee": [20.0, 30.0], "cat": [15.0]})
    assert lines[0] == "Throughput, tasks/s (higher is better)"
    text = " ".join(" ".join(lines).split())
    for said in ("range, covers 50 % of 2 trials", "one trial, no interval", "of 10 trials"):
        assert text.count(said) == 1


def test_a_long_name_takes_lines_and_no_interval_does() -> None:
    lines = shown({LONG: MANY, f"{LONG}0": [10 * each for each in MANY]})
    [end] = (at for at, line in enumerate(lines) if not line)
    assert end <= 1 + 2 * 3  # a heading, and names of at most three lines
    assert any("20.0 to 90.0" in line for line in lines)
    assert max(map(len, lines[:end])) <= 80


def test_a_table_of_all_arms_keeps_every_figure_in_its_line() -> None:
    names = [f"{name} 1.0.0 · postgresql" for name in ("raw", *"abcdefgh")]
    lines = shown({name: [1000.0 + n] * 3 for n, name in enumerate(names)})
    assert max(map(len, lines)) <= 80
    for place, name in enumerate(names):
        of_question, of_all, *_ = (line for line in lines if line.strip().startswith(name))
        assert of_question.split()[4] == of_all.split()[4] == f"{1000 + place:,}"
