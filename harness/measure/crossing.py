"""Latencies between stamps of two hosts: worth no more than their clocks are known."""

from collections.abc import Sequence

from harness.measure.metrics import Metric

# METHOD 9: a figure that is known less well than that is none.
MOST_OF_A_FIGURE = 0.05
CROSSING = ("sojourn_", "wait_")  # from a producer's stamp to a worker's


def withheld(metrics: Sequence[Metric], bound_ns: int) -> tuple[list[Metric], list[str]]:
    """Metrics without the latencies (ms) that cross hosts and are not known well enough by clocks
    that are known to ± ``bound_ns`` together; and a sentence about those.
    """
    bound_ms = bound_ns / 1e6
    unsure = [
        m for m in metrics if m.name.startswith(CROSSING) and bound_ms > MOST_OF_A_FIGURE * m.value
    ]
    if not unsure:
        return list(metrics), []
    names = ", ".join(m.name for m in unsure)
    said = (
        f"withheld: {names}. Clocks of two hosts are known to ± {bound_ms:.3f} ms, which is more "
        f"than {100 * MOST_OF_A_FIGURE:.0f} % of the figure"
    )
    return [m for m in metrics if m not in unsure], [said]
