"""Brokers beside each other, by framework."""

from collections.abc import Callable
from pathlib import Path

from tests.made.html import Page, between
from tests.made.rows import Rows


def test_brokers_stand_beside_each_other_by_framework(
    undrawn_page: Callable[[Callable[[Rows], None]], Page], tmp_path: Path
) -> None:
    def fill(rows: Rows) -> None:
        for number, broker in enumerate(("redis", "mysql"), 1):
            rows.experiment(f"e{number}")
            for value in (100.0, 300.0):
                metrics = {"drain_rate": value * number, "workers_cpu_per_task": 7.0}
                rows.trial(f"e{number}", "alpha", broker=broker, metrics=metrics)
        rows.experiment("e3")
        rows.trial("e3", "beta", metrics={"drain_rate": 55_555.0})  # on one broker only

    section = between(undrawn_page(fill).source, 'id="brokers"', "</section>")
    assert "alpha 1.0 mysql 400 tasks/s; alpha 1.0 redis 200 tasks/s" in section
    assert "55,555" not in section
    assert "Commands" not in section  # nobody counted any
    assert (tmp_path / "out" / "driver_comparison.png").exists()
