"""From a trial's record files to tables: every attempt of every task, and what was heard of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from harness.measure.heard import Heard, heard_events
from harness.measure.layouts import SEND_TYPE, Array
from harness.measure.records import Records
from harness.measure.web import enqueues
from harness.store.rows import Row
from infrastructure.processes.folder import CHECKPOINTS
from tasks.records import EVENTS, KINDS, OUTCOMES

FATES = (*OUTCOMES, "lost", "refused", "unknown")


def labels(indices: Array, names: Sequence[str]) -> pa.Array:
    return pa.array(names).take(pa.array(indices.astype(np.int64)))


def attempts(runs: Array) -> Array:
    """1, 2, … within each sequence number (runs are sorted by seq, then start)."""
    seq = runs["seq"]
    if not len(seq):
        return np.empty(0, dtype=np.int32)
    first = np.searchsorted(seq, seq, side="left")
    return (np.arange(len(seq)) - first + 1).astype(np.int32)


def record_table(trial_id: str, records: Records) -> pa.Table:
    """task_record rows: every attempt beside its send, and a row for each task without any."""
    return pa.concat_tables([attempt_table(trial_id, records), never_table(trial_id, records)])


def attempt_table(trial_id: str, records: Records) -> pa.Table:
    """Every attempt beside its send, where there is one."""
    runs = records.runs
    sends, known = beside(runs, records.sends)
    outcome = np.where(known, runs["outcome"], FATES.index("unknown"))
    return pa.table(
        {
            "trial_id": pa.repeat(trial_id, len(runs)),
            "seq": runs["seq"],
            "attempt": attempts(runs),
            "kind": labels(runs["kind"], KINDS),
            "intended_ns": pa.array(sends["intended"], mask=~known),
            "send_ns": pa.array(sends["send"], mask=~known),
            "ack_ns": pa.array(sends["ack"], mask=~known),
            "start_ns": runs["start"],
            "end_ns": runs["end"],
            "worker_pid": runs["pid"].astype(np.int64),
            "outcome": labels(outcome, FATES),
        }
    )


def beside(runs: Array, sends: Array) -> tuple[Array, Array]:
    """The send of each attempt's task, and whether there is one."""
    if not len(sends):
        return np.zeros(len(runs), dtype=SEND_TYPE), np.zeros(len(runs), dtype=bool)
    place = np.minimum(np.searchsorted(sends["seq"], runs["seq"]), len(sends) - 1)
    return sends[place], sends["seq"][place] == runs["seq"]


def never_table(trial_id: str, records: Records) -> pa.Table:
    """Tasks that were sent and never attempted: lost, or refused where their send raised."""
    sends, runs = records.sends, records.runs
    # Both are in order of seq, and every seq is sent once: a tenth of setdiff1d's time.
    first, after = (np.searchsorted(runs["seq"], sends["seq"], side) for side in ("left", "right"))
    lost = sends[first == after]
    fate = np.where(lost["outcome"] != 0, FATES.index("refused"), FATES.index("lost"))
    nothing = pa.nulls(len(lost), pa.int64())
    return pa.table(
        {
            "trial_id": pa.repeat(trial_id, len(lost)),
            "seq": lost["seq"],
            "attempt": np.zeros(len(lost), dtype=np.int32),
            "kind": labels(lost["kind"], KINDS),
            "intended_ns": lost["intended"],
            "send_ns": lost["send"],
            "ack_ns": lost["ack"],
            "start_ns": nothing,
            "end_ns": nothing,
            "worker_pid": nothing,
            "outcome": labels(fate, FATES),
        }
    )


def warmup_table(trial_id: str, phases: Mapping[str, Records]) -> pa.Table:
    tables = []
    for phase, records in phases.items():
        table = record_table(trial_id, records)
        tables.append(table.append_column("phase", pa.repeat(phase, table.num_rows)))
    return pa.concat_tables(tables)


def event_table(trial_id: str, heard: Heard) -> pa.Table:
    """Events of load tasks as they were heard."""
    return pa.table(
        {
            "trial_id": pa.repeat(trial_id, len(heard.seq)),
            "seq": heard.seq,
            "event": labels(heard.event, EVENTS),
            "heard_ns": heard.at,
        }
    )


def request_table(trial_id: str, calls: Array) -> pa.Table:
    """The framework's calls within requests of a web application."""
    return pa.table(
        {
            "trial_id": pa.repeat(trial_id, len(calls)),
            "seq": calls["seq"],
            "send_ns": calls["send"],
            "ack_ns": calls["ack"],
        }
    )


def checkpoint_rows(trial_id: str, folder: Path) -> list[Row]:
    """What a trial had kept while it ran; a line that a killed harness was writing is left out."""
    path = folder / CHECKPOINTS
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [{"trial_id": trial_id, **json.loads(x)} for x in lines if x.endswith("\n")]


def recorded_tables(
    trial_id: str, folder: Path, phases: Mapping[str, Records]
) -> dict[str, "list[Row] | pa.Table"]:
    """Everything that stands in a trial's folder as records, whoever asks: the trial or, when its
    harness was killed, the clean-up. ``phases``: the folder's, already read.
    """
    records = folder / "records"
    before = {phase: found for phase, found in phases.items() if phase != "load"}
    return {
        "task_record": record_table(trial_id, phases["load"]),
        "warmup_record": warmup_table(trial_id, before),
        "event_record": event_table(trial_id, heard_events(records)),
        "request_record": request_table(trial_id, enqueues(records)),
        "checkpoint": checkpoint_rows(trial_id, folder),
    }
