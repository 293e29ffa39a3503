"""What a trial is held against: its records and what the host saw, for the laws."""

from collections.abc import Mapping

import numpy as np

from harness.measure.heard import heard_events
from harness.measure.laws import Evidence
from harness.measure.layouts import Array, event_number, kind_number
from harness.measure.records import Records
from harness.measure.turns import still_s
from harness.scenario.run import LEAST_WORK, Run
from harness.trial.trial import Trial
from tasks.records import OK


def evidence_of(trial: Trial, run: Run, phases: Mapping[str, Records]) -> Evidence:
    """Of a trial that came to its end."""
    topology, options = run.topology, trial.plan.point.options
    steps = "onward" in trial.plan.point.wants  # whose further ones workers send, or not
    return Evidence(
        phases,
        topology.slots,
        topology.processes,
        topology.prefetch,
        shown=run.queues.show_reserved and topology.acks == "late",
        strangers=run.strangers,
        workers=run.members,
        gates=run.gate.closed,
        depths=sorted([*run.gate.looks, *run.sampler.depths], key=lambda look: look[0]),
        naps=run.producers.naps,
        work_s=run.facts.get(LEAST_WORK, 0.0),
        still_s=0.0 if run.partner.cores else still_s(run.turns.get("load", [])),
        cores=run.cores,
        proof=run.gate.marks,
        clocks_ns=trial.clock_bound_ns,
        outside=trial.outside,
        lived=not (trial.plan.scenario.leaves or run.workers.crashes),
        api_ns=int(1e6 * options.get("api", {}).get("ms", 0)),
        failures=failures(run, phases["load"]),
        answers=answers(trial, phases["load"]),
        planned=0 if steps else run.producers.next_number("load"),
        offsets=offsets(trial, run, phases["load"]),
    )


def offsets(trial: Trial, run: Run, load: Records) -> Array:
    """When each task of the load was to be sent, ns, where one schedule says so of all."""
    calls = run.producers.calls.get("load")
    if calls is None or len(calls) != len(load.sends) or trial.clock_bound_ns:
        return np.zeros(0, np.int64)
    found: Array = calls["offset"]
    return found if found.any() else found[:0]


def failures(run: Run, load: Records) -> dict[int, int]:
    """How often each task of the load was told to fail, by its number."""
    calls = run.producers.calls.get("load")
    if calls is None or len(calls) != len(load.sends):
        return {}
    flaky = np.flatnonzero(calls["kind"] == kind_number("flaky"))
    numbers = load.sends["seq"][flaky].tolist()
    return dict(zip(numbers, calls["arg"][flaky].tolist(), strict=True))


def answers(trial: Trial, load: Records) -> dict[int, int]:
    """When a caller had the result of a task of the load, or a listener heard of its success."""
    if "callers" in trial.plan.point.options:
        told = load.sends[load.sends["outcome"] == OK]
        return dict(zip(told["seq"].tolist(), told["ack"].tolist(), strict=True))
    if "events" not in trial.plan.point.wants:
        return {}
    heard = heard_events(trial.folder.records)
    told = heard.event == event_number("succeeded")
    return dict(zip(heard.seq[told].tolist(), heard.at[told].tolist(), strict=True))
