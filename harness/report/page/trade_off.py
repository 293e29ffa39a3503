"""Lay out: drain rate against latency, of every arm that has both."""

from collections.abc import Sequence

from harness.report.answer.questions import LATENCIES
from harness.report.answer.ranking import Ranking
from harness.report.charts.panel import Panel
from harness.report.charts.trade_off import Traded, trade_off

LEAST = 2  # arms


def trade_off_panels(rankings: Sequence[Ranking]) -> list[Panel]:
    """One, or none where fewer than two arms have both."""
    drains = [each for each in rankings if each.question.metric == "drain_rate"]
    latencies = [each for each in rankings if each.question.metric in LATENCIES]
    if not drains or not latencies:
        return []
    latency = {one.arm: one.value for one in latencies[0].estimates if one.value > 0}
    both = [
        (one.arm, one.label, one.value, latency[one.arm])
        for one in drains[0].estimates
        if one.arm in latency and one.value > 0
    ]
    if len(both) < LEAST:
        return []
    arms = [
        Traded(arm, label, rate, ms, not any(r > rate and m < ms for _, _, r, m in both))
        for arm, label, rate, ms in both
    ]
    title = latencies[0].question.title
    load = "" if latencies[0].equal else ", each at its own load"
    return [trade_off("Throughput against latency", arms, f"{title}, ms{load} (log)")]
