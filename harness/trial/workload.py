"""What the load of a trial was, as a hash: equal hashes, equal work."""

import hashlib

from harness.trial.plan import TrialPlan
from infrastructure.root import ROOT

WORK = ("tasks/bodies.py", "tasks/load.py", "tasks/sending.py")  # that trials of all arms have done


def workload_hash(plan: TrialPlan) -> str:
    """What the load was: scenario and load code, and the point's numbers without its capacity.

    Of the bodies those modules that the scenario names, so that work on one leaves the others
    comparable with what was measured before.
    """
    point = plan.point
    digest = hashlib.sha256(
        repr((point.size, point.label, point.fraction, point.options, point.wants)).encode()
    )
    for file in (f"scenarios/{plan.scenario.name}.py", *WORK, *plan.scenario.work):
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()
