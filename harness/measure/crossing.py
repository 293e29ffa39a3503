"""Latencies between stamps of two hosts: worth no more than their clocks are known."""

from collections.abc import Sequence

from harness.measure.metrics import Metric

# METHOD 9: a figure that is known less well than that is none.
MOST_OF_A_FIGURE = 0.05
CROSSING = ("sojourn_", "wait_")  # from a producer's stamp to a worker's


def withheld(metrics: Sequence[Metric], bound_ns: int) -> tuple[list[Metric], list[str]]:
    """Metrics without the latencies (ms) that cross hosts and are not known well enough by clocks
    that are known to ± ``bound_ns`` together, and without what rests on them; and sentences about
    those.
    """
    bound_ms, said = bound_ns / 1e6, list[str]()
    known = f"Clocks of two hosts are known to ± {bound_ms:.3f} ms"
    unsure = [
        m
        for m in metrics
        if m.name.startswith(CROSSING)
        and m.unit == "ms"  # an offset of the clocks does not change a slope, in ms/h
        and bound_ms > MOST_OF_A_FIGURE * m.value
    ]
    if unsure:
        names, share = ", ".join(m.name for m in unsure), f"{100 * MOST_OF_A_FIGURE:.0f} %"
        said.append(f"withheld: {names}. {known}, which is more than {share} of the figure")
    if undecided := near_objective(metrics, bound_ms):
        names = ", ".join(m.name for m in undecided)
        said.append(f"withheld: {names}. {known}, and p99 is as near to the objective")
    return [m for m in metrics if m not in unsure and m not in undecided], said


def near_objective(metrics: Sequence[Metric], bound_ms: float) -> list[Metric]:
    """Whether the objective held, where that is within the bound (0: there is none)."""
    value = {m.name: m.value for m in metrics}
    if not bound_ms or not {"slo", "sojourn_p99"} <= set(value):
        return []
    if abs(value["sojourn_p99"] - value["slo"]) > bound_ms:
        return []
    return [m for m in metrics if m.name == "slo_passed"]
