"""The profilers that a trial can run under, by its purpose."""

from harness.store.vocabulary import Purpose
from harness.trial.profilers.memray import Memray
from harness.trial.profilers.passes import ProfilerPass
from harness.trial.profilers.pyspy import PySpy

PROFILERS: dict[Purpose, type[ProfilerPass]] = {
    Purpose.PY_SPY: PySpy,
    Purpose.MEMRAY: Memray,
}
