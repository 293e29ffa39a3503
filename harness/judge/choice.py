"""Which of many settings to recommend, from the trials of a sweep."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from harness.judge.families import benjamini_hochberg
from infrastructure.counted import counted

FALSE_DISCOVERIES = 0.05

Settings = tuple[int, int]  # worker processes, and tasks that each has reserved


@dataclass(frozen=True)
class Recommendation:
    """The settings with the highest median rate, what they gain over the baseline (a ratio), and
    the gain's q: its p by Welch's t test on logarithms, after Benjamini and Hochberg over all
    settings; None with a single trial a setting.
    """

    best: Settings
    baseline: Settings
    gain: float
    q: float | None

    @property
    def words(self) -> str:
        """The recommendation as a sentence."""
        if self.best == self.baseline:
            return f"Nothing beats {self.where(self.baseline)}, where it started."
        found = (
            f"Best: {self.where(self.best)}, {100 * (self.gain - 1):+.0f} % over "
            f"{self.where(self.baseline)}"
        )
        if self.q is None:
            return f"{found}; one trial per setting cannot tell that from noise."
        if self.q >= FALSE_DISCOVERIES:
            return f"{found}; within the noise (q = {self.q:.2g}): keep what you have."
        return f"{found} (q = {self.q:.2g} over all settings); a compare of the two confirms it."

    @staticmethod
    def where(settings: Settings) -> str:
        return f"{counted(settings[0], 'process', 'processes')} with {settings[1]} reserved each"


def recommend(rates: Mapping[Settings, Sequence[float]], baseline: Settings) -> Recommendation:
    """From every setting's drain rates (tasks/s). Raises ValueError when the baseline has none."""
    if not rates.get(baseline):
        raise ValueError(f"no trial at the baseline {baseline}")
    medians = {settings: float(np.median(found)) for settings, found in rates.items() if found}
    best = max(medians, key=lambda settings: medians[settings])
    others = [settings for settings in medians if settings != baseline]
    q = None
    if best != baseline and all(len(rates[s]) > 1 for s in (*others, baseline)):
        against = np.log(rates[baseline])
        p = [welch(np.log(rates[settings]), against) for settings in others]
        q = benjamini_hochberg(p)[others.index(best)]
    return Recommendation(best, baseline, medians[best] / medians[baseline], q)


def welch(a: "np.typing.NDArray[np.float64]", b: "np.typing.NDArray[np.float64]") -> float:
    """P of equal means; of two constant series whether they are the same."""
    if np.ptp(a) == 0 and np.ptp(b) == 0:
        return float(math.isclose(a[0], b[0]))
    return float(stats.ttest_ind(a, b, equal_var=False).pvalue)
