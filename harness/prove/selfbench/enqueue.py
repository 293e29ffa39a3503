"""Our sending loop against the framework's bare one."""

import statistics

from harness.prove.lone import lone_run
from harness.prove.selfbench.session import SelfbenchSession
from harness.trial.cell import Arm


def enqueue_share(session: SelfbenchSession, arm: Arm) -> None:
    """Both by the same producer in turn, with the workers held."""
    shares, sends = [], session.sizes.sends
    with lone_run(session.database, arm, session.seed) as run:
        run.gate.close()
        run.producers.send("warmup", "noop", sends)
        for pair in range(session.sizes.pairs):
            order = (True, False) if pair % 2 else (False, True)
            took = {bare: run.producers.send("warmup", "noop", sends, bare=bare) for bare in order}
            shares.append(took[True] / took[False])
        run.gate.open()
    session.add(f"enqueue_share_of_bare_{arm.framework}", statistics.median(shares), "1")
    session.add(f"enqueue_spread_{arm.framework}", statistics.stdev(shares), "1")
