"""The page of what users ask, of figures that were made up."""

import re
from pathlib import Path

import pytest

from harness.cli.prices import Prices
from harness.report.published.grounds import read_grounds
from harness.report.published.questions import experiments_of, read_questions
from harness.report.questions.page import page
from harness.report.terminal.latest import Latest
from tests.made.databases import fill
from tests.made.questions import answer
from tests.made.rows import made

PRICES = Prices("USD", vcpu_hour=3.6, gb_hour=3.6, sqs_million=0)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("questions"), fill, answer)


@pytest.fixture(scope="module")
def found(database: Path) -> Latest:
    return read_questions(database)


@pytest.fixture(scope="module")
def sections(database: Path, found: Latest) -> dict[str, str]:
    """By heading."""
    text = page(found, read_grounds(database), PRICES)
    return {part.partition("\n")[0]: part for part in text.split("\n## ")}


def test_an_arm_answers_in_a_sentence_with_the_range_of_several_trials(
    sections: dict[str, str],
) -> None:
    said = sections["What does an idle worker cost?"]
    assert (
        "- **Celery 1.0**: its workers take 0.02 (0.01 to 0.04) of a core and 64.0 MiB, and ask "
        "the broker 4.00 times per second; cannot (100 queues): it reads one queue.\n"
    ) in said
    assert "- **Huey 1.0**: its workers take 0.500 of a core and 64.0 MiB" in said
    assert "cannot: " not in said, "said above already"
    assert "| 1 queue | celery 1.0 | 0.02 (0.01 to 0.04) |" in said


def test_neither_a_quick_bench_nor_another_command_answers(
    found: Latest, sections: dict[str, str]
) -> None:
    assert experiments_of(found)[:2] == ["one", "two"]
    assert not {"look", "claim"} & set(experiments_of(found))
    assert not any("0.99" in text or "0.88" in text for text in sections.values())


def test_each_question_names_what_measures_it_again(sections: dict[str, str]) -> None:
    said = sections["What does an idle worker cost?"]
    assert re.search(r'experiment `one`.*: `nox -s "bench-3.12\(celery-1.0\)" -- --scen', said)
    assert said.count(" at commit `abc1234`") == 2


def test_how_fast_the_machine_was_is_said_of_each_experiment_and_where_it_differed(
    sections: dict[str, str],
) -> None:
    said = sections["What does an idle worker cost?"]
    assert "experiment `one`, 3 trials, the machine's calibration loop took 8.00 ms: `nox" in said
    assert "experiment `two`, 1 trial, the machine's calibration loop took 14.0 ms: `nox" in said
    assert (
        "\n\nThe machine's speed differed between these trials: its calibration loop took 8.00"
        in said
    )
    assert "CPU, rates and times of two frameworks or loads that are less than 1.75 times" in said
    assert "machine's speed" not in sections["What does a rolling restart lose?"]
    assert "between the trials of idle: " in sections["What does a million tasks cost?"]


def test_a_remark_on_a_trial_stands_under_the_table(sections: dict[str, str]) -> None:
    remark = "\n\n- remark: celery 1.0 (1 queue): foreign cpu percent 7.31 exceeds 5\n\n"
    assert remark in sections["What does an idle worker cost?"]
    assert "remark" not in sections["What does a rolling restart lose?"]


def test_what_agrees_has_no_range_and_what_is_missing_is_said(sections: dict[str, str]) -> None:
    said = sections["What does a rolling restart lose?"]
    assert "under 100 tasks/s 0 of 3,000 are lost and an unknown number of repeated" in said


def test_a_million_tasks_and_a_month_have_their_price(sections: dict[str, str]) -> None:
    said = sections["What does a million tasks cost?"]
    assert "- **Huey 1.0**: a million tasks cost " in said
    assert "CPU seconds, memory held over time" in said


def test_a_slope_has_the_interval_of_its_trial_in_the_sentence_and_the_table(
    sections: dict[str, str],
) -> None:
    said = sections["Does anything grow within an hour?"]
    assert (
        "time changes by 0.500 [-1.00, 2.00] ms, the workers' memory by 3.00 [1.00, 4.77] MiB,"
        in said
    )
    assert "| sojourn p50 slope, ms | workers pss slope, MiB/h |" in said
    assert "| all | huey 1.0 | 0.500 [-1.00, 2.00] | 3.00 [1.00, 4.77] |" in said
    assert "experiment `hour`, 1 trial: `nox -s soak -- huey --hours 1 --seed 7`" in said


def test_how_sure_a_range_is_is_said(sections: dict[str, str]) -> None:
    how = sections["How it was measured"]
    assert "The range of 3 trials holds the true median in 75 % of cases." in how


def test_a_bench_that_tells_no_cost_answers_nothing(tmp_path: Path) -> None:
    assert experiments_of(read_questions(made(tmp_path, fill))) == []
