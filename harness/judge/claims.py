"""What is asked of two arms, and what may be answered."""

from dataclasses import dataclass
from enum import StrEnum

from harness.judge.pairs import ONE, Strata, Values


class Kind(StrEnum):
    """``faster`` is the better direction of the metric, whatever its words are."""

    INVALID = "invalid"
    FASTER = "faster"
    SLOWER = "slower"
    EQUIVALENT = "equivalent"
    FASTER_UNCERTAIN = "faster_uncertain"
    SLOWER_UNCERTAIN = "slower_uncertain"
    INCONCLUSIVE = "inconclusive"


UNCERTAIN = {Kind.FASTER_UNCERTAIN, Kind.SLOWER_UNCERTAIN}
DIFFERENT = {Kind.FASTER, Kind.SLOWER, *UNCERTAIN}


@dataclass(frozen=True)
class Wording:
    """Names in the sentence; ``better`` and ``worse`` fit the metric ("cheaper" for CPU).
    ``pinned``: whose workers kept to cores, in words.
    """

    baseline: str = "A"
    candidate: str = "B"
    metric: str = "metric"
    better: str = "faster"
    worse: str = "slower"
    pinned: str = ""


@dataclass(frozen=True)
class Claim:
    """One metric of two arms, block by block. ``margin`` is a share: 0.05 for 5 %.

    ``complaints`` say in words what voids the comparison. With any, the values are not looked at.
    ``strata``: the kind of machine of each block, where there are several.
    """

    baseline: Values
    candidate: Values
    margin: float
    higher_is_better: bool
    complaints: tuple[str, ...] = ()
    wording: Wording = Wording()
    strata: Strata = ONE


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Ratios are candidate / baseline, with the 95 % interval and the 90 % one (``low90``), each
    for itself; ``p_holm`` is adjusted over the family, and so are the rules.

    ``sensitivity`` is a share, None where nothing could have been seen; ``needed_blocks`` the
    number of METHOD 2 for this spread. All figures but ``n`` are None when the comparison is
    invalid. No rule looks at the last three: two descriptions of size, and in words where the
    paired t interval disagrees, neighbouring blocks are alike or one arm is skewed.
    """

    kind: Kind
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    low90: float | None = None
    high90: float | None = None
    n: int
    p: float | None = None
    p_holm: float | None = None
    sensitivity: float | None = None
    needed_blocks: int | None = None
    sentence: str
    cliffs_delta: float | None = None
    hedges_g: float | None = None
    cross_check: str | None = None
