"""A scaling law through drain rates by number of workers.

Gunther's Universal Scalability Law, X(n) = λ n / (1 + σ (n − 1) + κ n (n − 1)): λ is one worker's
rate, σ the share that cannot be done side by side, κ what keeping each other informed costs
(Gunther, Guerrilla Capacity Planning, 2007, chapter 4). With κ = 0 it is Amdahl's law, and that is
what fewer than four different numbers of workers allow to fit with anything left to judge it by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from harness.measure.layouts import Array

LEVEL = 0.95
LEAST_FOR_KAPPA = 4  # different numbers of workers
LEAST_NUMBERS = 3
NEAR = 1e-4  # a fit comes near a bound and seldom onto it; such a share is none to speak of


@dataclass(frozen=True)
class Law:
    """``rate`` (λ, tasks/s) and ``serial`` (σ) with their 95 % intervals; ``crosstalk`` (κ) is None
    where it was not fitted. There are no intervals where σ or κ sits at the bound of what it can
    be: the covariance that they come from knows of none. Descriptive: on few cores it is the
    machine's law as much as the queue's.
    """

    rate: float
    rate_interval: tuple[float, float] | None
    serial: float
    serial_interval: tuple[float, float] | None
    crosstalk: float | None

    @property
    def words(self) -> str:
        law = f"one worker {self.rate:,.0f} tasks/s, serial share {self.serial:.2f}"
        if self.serial_interval:
            law += f" [{self.serial_interval[0]:.2f} … {self.serial_interval[1]:.2f}]"
        elif at_bound(self.serial):
            law += " (at the bound)"
        if self.crosstalk is None:
            return law
        law += f", crosstalk {self.crosstalk:.3f}"
        return f"{law} (at the bound)" if at_bound(self.crosstalk) else law


def at_bound(share: float) -> bool:
    """Whether a fitted σ or κ is as small or as large as it can be."""
    return not NEAR < share < 1 - NEAR


def usl(n: Array, rate: float, serial: float, crosstalk: float = 0.0) -> Array:
    """Rate of n workers."""
    found: Array = rate * n / (1 + serial * (n - 1) + crosstalk * n * (n - 1))
    return found


def fit(workers: Sequence[float], rates: Sequence[float]) -> Law | None:
    """Least squares over all trials; None with fewer than three numbers of workers, fewer trials
    than parameters and one, or no convergence.
    """
    n, x = np.asarray(workers, dtype=float), np.asarray(rates, dtype=float)
    numbers = len(np.unique(n))
    parameters = 3 if numbers >= LEAST_FOR_KAPPA else 2
    if numbers < LEAST_NUMBERS or len(x) <= parameters:
        return None
    start = [float(np.mean(x / n)), 0.1, 0.0][:parameters]
    lowest, highest = [0.0, 0.0, 0.0][:parameters], [np.inf, 1.0, 1.0][:parameters]
    try:
        found, covariance = optimize.curve_fit(usl, n, x, p0=start, bounds=(lowest, highest))
    except RuntimeError:  # it did not converge: there is no law to tell
        return None
    half = stats.t.ppf((1 + LEVEL) / 2, len(x) - parameters) * np.sqrt(np.diag(covariance))
    free = not any(at_bound(share) for share in found[1:])
    ends = zip((found - half).tolist(), (found + half).tolist(), strict=True)
    intervals = list(ends) if free else [None, None]
    return Law(
        float(found[0]),
        intervals[0],
        float(found[1]),
        intervals[1],
        float(found[2]) if parameters == 3 else None,
    )
