"""Whether unlike machines agree on an effect: docs/method.md, section 6.

A verdict over strata is about an effect that all kinds of machine share. Whether they do is asked
by Welch's analysis of variance of their log-ratios (Biometrika 38, 1951), which allows each a
spread of its own.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import stats

from harness.judge.pairs import Strata, by_stratum
from harness.judge.signed_ranks import hodges_lehmann
from harness.measure.layouts import Array
from infrastructure.counted import counted

RARE = 0.01  # one in a hundred claims is withheld so by chance
LEAST = 3  # blocks of a stratum: fewer say too little of its spread


def alike_p(groups: Sequence[Array]) -> float:
    """P of "all strata have the same mean"; where one does not vary, with one spread for all."""
    if all(np.ptp(own) == 0 for own in groups):
        return float(np.ptp([own[0] for own in groups]) == 0)
    one_spread = any(np.ptp(own) == 0 for own in groups)
    return float(stats.f_oneway(*groups, equal_var=one_spread).pvalue)


def complaints(d: Array, strata: Strata) -> Iterator[str]:
    """What forbids one verdict for all strata: one that has too few blocks, or another effect."""
    found = by_stratum(d, strata)
    if len(found) < 2:
        return
    few = [name for name, own in found.items() if len(own) < LEAST]
    for name in few:
        blocks = counted(len(found[name]), "block")
        yield f"{blocks} on {name}, and it takes {LEAST} to tell whether machines agree"
    if not few and (p := alike_p(list(found.values()))) < RARE:
        yield f"unlike machines disagree on the effect (p = {p:.2g}): {ratios(found)}"


def alike_words(d: Array, strata: Strata) -> str:
    """Each stratum's ratio and how well they agree; empty where there is one."""
    found = by_stratum(d, strata)
    if len(found) < 2:
        return ""
    return f"by machine {ratios(found)}, alike (p = {alike_p(list(found.values())):.2g})"


def ratios(found: dict[str, Array]) -> str:
    return ", ".join(
        f"{math.exp(hodges_lehmann(own)):#.4g} on {name} ({counted(len(own), 'block')})"
        for name, own in found.items()
    )
