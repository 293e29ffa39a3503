"""Words that stand in the database, as the code says them."""

from enum import StrEnum


class Status(StrEnum):
    """What became of a trial: docs/method.md, section 9."""

    OK = "ok"
    INVALID = "invalid"
    FAILED = "failed"
    GAP = "gap"


class Purpose(StrEnum):
    """Why a trial is run. Figures come from MEASURE alone; those of CALIBRATE size its loads.

    BROKEN: was to be measured, and its block was run again. PY_SPY and MEMRAY are profiler passes.
    """

    MEASURE = "measure"
    CALIBRATE = "calibrate"
    PILOT = "pilot"
    BROKEN = "broken"
    SEARCH = "search"
    PY_SPY = "py-spy"
    MEMRAY = "memray"
    SELFBENCH = "selfbench"
