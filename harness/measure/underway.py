"""Load tasks of a running trial, as they end."""

from pathlib import Path

import numpy as np

from harness.measure.growing import Growing
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, phase_of
from harness.measure.records import Records
from tasks.records import PHASES, RUN_SUFFIX, SEND_SUFFIX


class Underway:
    """Load tasks of a running trial: those that ended since the last look, with their sends."""

    def __init__(self, folder: Path) -> None:
        self._growing = (
            Growing(folder, SEND_SUFFIX, SEND_TYPE),
            Growing(folder, RUN_SUFFIX, RUN_TYPE),
        )
        self._open = [np.empty(0, dtype=dtype) for dtype in (SEND_TYPE, RUN_TYPE)]

    def ended(self) -> Records:
        """Sends and runs of tasks that have both by now, each given once."""
        load = PHASES.index("load")
        found = [
            np.concatenate([kept, fresh[phase_of(fresh["seq"]) == load]])
            for kept, fresh in zip(self._open, (g.read() for g in self._growing), strict=True)
        ]
        both = np.intersect1d(found[0]["seq"], found[1]["seq"])
        done = [np.isin(records["seq"], both) for records in found]
        self._open = [records[~of] for records, of in zip(found, done, strict=True)]
        sends, runs = (records[of] for records, of in zip(found, done, strict=True))
        return Records.of(sends, runs)

    @property
    def unfinished(self) -> int:
        """Tasks that were sent and had not ended at the last look."""
        return len(self._open[0])
