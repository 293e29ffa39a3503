"""What a trial is held against: its records and what the host saw, for the laws."""

from collections.abc import Mapping

from harness.measure.laws import Evidence
from harness.measure.records import Records
from harness.measure.turns import still_s
from harness.scenario.run import LEAST_WORK, Run


def evidence_of(run: Run, phases: Mapping[str, Records]) -> Evidence:
    """Of a trial that came to its end."""
    topology = run.topology
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
    )
