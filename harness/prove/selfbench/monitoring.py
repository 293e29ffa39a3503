"""What being scraped once a second costs the workers of a drain.

One backlog is worked off, in windows that are left alone, scraped once a second and scraped
``OFTEN``. One scrape a second costs too little to be seen in the drain rate, which scatters by
10 %; many do not. So the CPU that one a second takes is measured (by this process while it asks and
answers), and what the rate loses for CPU taken, where the loss is large enough. Their product is
the loss; its upper end is judged, and is that of the 90 % interval of the loss that was seen.
"""

import math
import time
import urllib.request
from typing import NamedTuple

import numpy as np

from harness.judge.signed_ranks import EQUIVALENCE_LEVEL, hodges_lehmann, signed_rank_interval
from harness.measure.layouts import Array
from harness.prove.lone import lone_run
from harness.prove.selfbench.session import SelfbenchSession
from harness.scenario.run import Run
from harness.trial.cell import Arm
from harness.trial.live.server import ADDRESS, serving
from infrastructure.processes.role import Role
from infrastructure.servers import free_port

WINDOW_S, OFTEN = 1, 20  # scrapes a second
DOSES = (0, 1, OFTEN)
SCRAPE_TIMEOUT_S = 10.0
SPARE = 1.5  # times the tasks that the windows take


class Window(NamedTuple):
    """Tasks a second, CPU cores of scrapes, and of the workers."""

    rate: float
    asking: float
    workers: float


class MonitoringCost(NamedTuple):
    """Shares: CPU taken, by the workers' CPU; loss: by the drain rate of windows left alone."""

    share: float
    often_share: float
    often_loss: float
    loss: float
    loss_high: float


def monitoring_cost(session: SelfbenchSession, arm: Arm) -> None:
    cost = monitoring_loss(measured_windows(session, arm))
    session.add(f"monitoring_cpu_{arm.framework}", 100 * cost.share, "%")
    session.add(f"monitoring_often_cpu_{arm.framework}", 100 * cost.often_share, "%")
    session.add(f"monitoring_often_loss_{arm.framework}", 100 * cost.often_loss, "%")
    session.add(f"monitoring_loss_{arm.framework}", 100 * cost.loss, "%")
    session.add(f"monitoring_loss_high_{arm.framework}", 100 * cost.loss_high, "%")


def measured_windows(session: SelfbenchSession, arm: Arm) -> Array:
    """Shape (turns, 3, 3): see ``monitoring_loss``. Raises RuntimeError when the backlog ends."""
    port, found = free_port(), []
    with serving(port) as live, lone_run(session.database, arm, session.seed, live) as run:
        seconds = WINDOW_S * (len(DOSES) * session.sizes.scraped + 1)
        run.gate.close()
        run.producers.send("load", "noop", round(SPARE * session.capacity[arm.framework] * seconds))
        run.gate.open()
        time.sleep(WINDOW_S)
        for turn in range(session.sizes.scraped):
            order = np.roll(DOSES, turn).tolist()
            windows = {dose: window(run, port, dose) for dose in order}
            found.append([windows[dose] for dose in DOSES])
        if not run.queues.depth().pending:
            raise RuntimeError("the backlog was worked off before its windows were")
    return np.array(found)


def window(run: Run, port: int, scrapes: int) -> Window:
    """A window of a drain with so many scrapes a second."""
    run.tail.poll()
    done, workers = run.tail.completed("load"), run.sampler.look()[Role.WORKERS].cpu_s
    asking, begin = 0.0, time.perf_counter()
    for number in range(WINDOW_S * scrapes):
        time.sleep(max(0.0, begin + (number + 0.5) / scrapes - time.perf_counter()))
        before = time.process_time()
        scrape(port)
        asking += time.process_time() - before
    time.sleep(max(0.0, begin + WINDOW_S - time.perf_counter()))
    took = time.perf_counter() - begin
    run.tail.poll()
    workers = run.sampler.look()[Role.WORKERS].cpu_s - workers
    return Window((run.tail.completed("load") - done) / took, asking / took, workers / took)


def scrape(port: int) -> None:
    """Ask for the metrics as Prometheus does, and read the answer."""
    asked = urllib.request.Request(
        f"http://{ADDRESS}:{port}/metrics", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(asked, timeout=SCRAPE_TIMEOUT_S) as answer:  # noqa: S310
        answer.read()


def monitoring_loss(windows: Array) -> MonitoringCost:
    """What one scrape a second costs.

    ``windows``: shape (turns, 3, 3); windows left alone, scraped once a second and ``OFTEN``; of
    each what ``Window`` holds. Assumes that the loss is in proportion to the CPU taken, which makes
    it none where the rate is no lower.
    """
    rate, asking, workers = np.moveaxis(windows, 2, 0)
    shares = asking[:, 1:] / workers[:, :1]
    share, often_share = (hodges_lehmann(column) for column in shares.T)
    d = np.log(rate[:, 2] / rate[:, 0])
    often_loss = -math.expm1(hodges_lehmann(d))
    most = -math.expm1(signed_rank_interval(d, EQUIVALENCE_LEVEL).low)
    by_cpu = share / often_share
    return MonitoringCost(share, often_share, often_loss, by_cpu * often_loss, by_cpu * most)
