"""A live view that is filled by hand, for tests of what a scrape is answered."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from harness.cli.forecast import Planned
from harness.cli.progress import TrialProgress
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.sampler import Sampler, Usage
from harness.store.vocabulary import Status
from harness.trial.live.live import Live
from harness.trial.plan import Setup, TrialPlan
from infrastructure.service import Depth
from tasks.records import wire_seq

Samples = dict[tuple[str, ...], float]  # by the series' name and the label that tells it apart
MS = 1_000_000


def sends(phase: str, numbers: Sequence[int], intended_ms: Sequence[float]) -> Array:
    made = np.zeros(len(numbers), SEND_TYPE)
    made["seq"] = [wire_seq(phase, n) for n in numbers]
    made["intended"] = np.array(intended_ms) * MS
    made["pid"] = 1
    return made


def runs(phase: str, numbers: Sequence[int], end_ms: Sequence[float], outcome: int = 0) -> Array:
    made = np.zeros(len(numbers), RUN_TYPE)
    made["seq"] = [wire_seq(phase, n) for n in numbers]
    made["end"] = np.array(end_ms) * MS
    made["outcome"], made["pid"] = outcome, 2
    return made


class Scraped:
    """A live view, a trial's records and a sampler that are filled by hand."""

    def __init__(self, setup: Setup, plan: TrialPlan, records: Path) -> None:
        self.live = Live()
        self.setup = replace(setup, watch=self.live)
        self.plan = plan
        self.records = records
        self.sampler = Sampler(lambda: Depth(0, 0, 0))

    def text(self) -> str:
        return self.live.text().decode()

    def samples(self) -> Samples:
        """Series by name and the value of the label that is neither arm nor scenario."""
        return {
            (s.name, *[v for k, v in s.labels.items() if k not in {"arm", "scenario"}][:1]): s.value
            for family in text_string_to_metric_families(self.text())
            for s in family.samples
        }

    def write(self, name: str, records: Array) -> None:
        with (self.records / name).open("ab") as file:
            file.write(records.tobytes())

    def sample(self, role: str, cpu_s: float, age_s: float = 0.0) -> None:
        at = time.monotonic_ns() - round(age_s * 1e9)
        self.sampler.usages.append(Usage(at, role, 2, cpu_s, 1000, 2000))
        self.sampler.depths.append((at, Depth(3, 2, 1)))


@contextmanager
def in_progress(scraped: Scraped) -> Iterator[None]:
    with TrialProgress(Console(quiet=True), [Planned(None, lambda: 100.0)]) as progress:
        progress.begin("a trial")
        scraped.live.begin(scraped.setup, scraped.plan, progress)
        with scraped.live.following(scraped.setup, scraped.plan, scraped.records, scraped.sampler):
            yield
        scraped.live.end(Status.OK)
