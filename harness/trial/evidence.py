"""What a trial is held against: its records and what the host saw, for the laws."""

from collections.abc import Mapping

from harness.measure.laws import Evidence
from harness.measure.records import Records
from harness.scenario.run import NAP_US, Run


def evidence_of(run: Run, phases: Mapping[str, Records]) -> Evidence:
    """Of a trial that came to its end."""
    topology = run.topology
    asked = {int(seq): NAP_US for seq in phases["ready"].sends["seq"]}
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
        naps={"ready": asked},
        proof=run.gate.marks,
    )
