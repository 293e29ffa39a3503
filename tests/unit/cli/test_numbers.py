"""Figures as a person reads them."""

import pytest

from harness.cli.numbers import figure, in_words, number


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234.5, "1,234"),
        (99.96, "100"),
        (12.34, "12.3"),
        (1.234, "1.23"),
        (0.1234, "0.123"),
        (0.01234, "0.012"),
        (0.00001, "< 0.0001"),
        (-5.678, "-5.68"),
    ],
)
def test_figures_have_three_digits(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (123.4, "us", "123 µs"),
        (67_108_864, "bytes", "64.0 MiB"),
        (0.987, "1", "0.987"),
        (7851.2, "tasks/s", "7,851 tasks/s"),
    ],
)
def test_a_figure_has_its_unit_as_a_person_reads_it(value: float, unit: str, shown: str) -> None:
    assert figure(value, unit) == shown


def test_a_name_has_no_underlines_and_cpu_is_written_large() -> None:
    assert in_words("workers_cpu_per_task") == "workers CPU per task"
