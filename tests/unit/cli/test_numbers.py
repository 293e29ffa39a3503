"""Figures as a person reads them."""

import pytest

from harness.cli.numbers import number


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
