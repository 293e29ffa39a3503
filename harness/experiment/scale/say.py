"""What ``scale`` prints of an arm."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from harness.experiment.scale.check import Beside
from harness.experiment.scale.read import Known
from harness.judge.scale_out.limits import Outlook
from infrastructure.counted import counted


def say(
    console: Console, known: Known, found: Outlook, checked: Sequence[Beside], rtt_ms: float
) -> None:
    costs = known.costs
    console.print(f"\n[bold]{known.arm.label}[/], {rtt_ms:g} ms from its broker")
    console.print(
        f"measured per task: {costs.worker_s * 1e6:.0f} µs of worker CPU, "
        f"{costs.broker_s * 1e6:.0f} µs of broker CPU, {costs.trips:.2f} round trips, "
        f"{costs.rest_s * 1e6:.0f} µs of other waiting; "
        f"{counted(known.slots, 'slot')} per worker process"
    )
    if known.pooled:
        console.print(
            "Its processes share the connections of one worker, and wait for each other there. A "
            "worker that is simulated has one process; points with several are not checked."
        )
    console.print(rows_table(found))
    console.print(found.first)
    if checked:
        console.print(checked_table(checked))
        furthest = max(checked, key=lambda each: abs(each.off))
        console.print(
            f"Simulated on the machine that measured: at most {100 * abs(furthest.off):.0f} % off "
            f"({furthest.point})."
        )


def rows_table(found: Outlook) -> Table:
    table = Table("workers", "tasks/s", "± 95 %", "broker CPU", "worker CPU", "of linear", box=None)
    each = found.rows[0].rate / found.rows[0].workers
    for row in found.rows:
        table.add_row(
            f"{row.workers:,}",
            f"{row.rate:,.0f}",
            f"{row.half:,.0f}",
            f"{100 * row.broker_busy:.0f} %",
            f"{100 * row.worker_busy:.0f} %",
            f"{100 * row.rate / row.workers / each:.0f} %",
        )
    return table


def checked_table(checked: Sequence[Beside]) -> Table:
    table = Table("measured at", "tasks/s", "simulated", "off", box=None, header_style="dim")
    for each in checked:
        table.add_row(
            each.point,
            f"{each.measured:,.0f}",
            f"{each.simulated:,.0f}",
            f"{100 * each.off:+.0f} %",
        )
    return table
