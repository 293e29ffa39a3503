"""A scaling law through drain rates."""

import numpy as np
import pytest

from harness.judge.scaling import fit, usl


def test_amdahls_law_is_found_again() -> None:
    workers = [1, 1, 2, 2, 4, 4]
    law = fit(workers, usl(np.array(workers, dtype=float), 1000.0, 0.25).tolist())
    assert law is not None
    assert law.rate == pytest.approx(1000, rel=1e-3)
    assert law.serial == pytest.approx(0.25, rel=1e-3)
    assert law.crosstalk is None  # three numbers of workers cannot tell it


def test_crosstalk_is_fitted_from_four_numbers_of_workers_on() -> None:
    workers = np.array([1, 2, 4, 8, 1, 2, 4, 8], dtype=float)
    law = fit(workers.tolist(), usl(workers, 500.0, 0.1, 0.02).tolist())
    assert law is not None
    assert law.crosstalk == pytest.approx(0.02, rel=1e-2)


def test_the_interval_of_a_law_covers_the_truth_under_noise() -> None:
    rng, workers = np.random.default_rng(3), np.repeat([1.0, 2.0, 4.0], 3)
    covered = 0
    for _ in range(200):
        noisy = usl(workers, 1000.0, 0.3) * np.exp(rng.normal(0, 0.03, len(workers)))
        law = fit(workers.tolist(), noisy.tolist())
        assert law is not None
        assert law.serial_interval is not None
        covered += law.serial_interval[0] <= 0.3 <= law.serial_interval[1]
    assert covered >= 176  # 95 % of 200 would be 190; below 176 has p < 1e-4


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ([100, 230, 500, 480], "serial share 0.00 (at the bound)"),  # better than side by side
        ([100, 90, 80, 82], "serial share 1.00 (at the bound)"),
    ],
)
def test_an_estimate_at_its_bound_has_no_interval(rates: list[float], words: str) -> None:
    law = fit([1, 2, 4, 4], rates)
    assert law is not None
    assert law.rate_interval is None
    assert law.serial_interval is None
    assert law.words.endswith(words)


def test_crosstalk_at_its_bound_is_said() -> None:
    workers = np.array([1, 2, 4, 8, 1, 2, 4, 8], dtype=float)
    rates = usl(workers, 500.0, 0.1) * (1 + 0.02 * (workers - 1) / 7)  # better than Amdahl's law
    law = fit(workers.tolist(), rates.tolist())
    assert law is not None
    assert law.words.endswith("crosstalk 0.000 (at the bound)")


@pytest.mark.parametrize("workers", [[1, 2], [1, 2, 2, 2], [1, 2, 4][:2] * 3])
def test_too_few_trials_fit_no_law(workers: list[float]) -> None:
    assert fit(workers, [100.0 * n for n in workers]) is None
