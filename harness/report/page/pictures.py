"""Draw: the pictures beside the page, each a PNG and an SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.cli.numbers import in_words
from harness.report.charts.drawing import ENDINGS, drawing
from harness.report.charts.panel import Panel
from harness.report.page.sections import Section

BROKERS, VERSIONS, TRADE_OFF = "driver_comparison", "version_history", "trade_off"
TITLES = {
    "throughput_comparison": "Throughput: every trial a dot over the median",
    "latency_comparison": "Latency by offered load",
    "latency_distribution": "Latency distribution by load, as a share of each arm's capacity",
    "resource_usage": "CPU per task and memory by role",
    TRADE_OFF: "Throughput against latency",
    BROKERS: "Brokers, by framework",
    VERSIONS: "Versions of a framework, measured interleaved",
}
OF_VERSIONS = "Versions measured interleaved: every one in every block, or each beside a fixed one."


def of_sections(sections: Sequence[Section]) -> dict[str, list[Panel]]:
    """The panels of each picture that shows what sections show; each says its scenario."""
    panels: dict[str, list[Panel]] = {name: [] for name in TITLES}
    for section in sections:
        scenario = in_words(section.name)
        for figure in section.figures:
            if figure.picture:
                panels[figure.picture] += [
                    replace(panel, title=f"{scenario}: {panel.title}") for panel in figure.panels
                ]
    return panels


def draw_pictures(panels: Mapping[str, Sequence[Panel]], out: Path, how: str, *others: str) -> None:
    """Draw each that has panels; remove one of an earlier report that has none. Below them stand
    the sentences: ``how`` arms were measured, and the others.
    """
    for name, own in panels.items():
        if own:
            own_how = OF_VERSIONS if name == VERSIONS else how
            drawing(own, out / name, TITLES[name], " ".join([own_how, *others]))
            continue
        for ending in ENDINGS:
            (out / f"{name}{ending}").unlink(missing_ok=True)
