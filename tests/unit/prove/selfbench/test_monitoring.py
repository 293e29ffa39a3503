"""What being scraped costs, from windows that were seen."""

import numpy as np
import pytest

from harness.measure.layouts import Array
from harness.prove.selfbench.monitoring import monitoring_loss


def windows(loss_at_often: float, scatter: float, turns: int = 20) -> Array:
    """Drains of about 2,000 tasks/s by workers of 1.5 cores; one scrape a second takes 0.006 cores
    and 20 take 0.12.
    """
    rng = np.random.default_rng(7)
    found = np.empty((turns, 3, 3))
    found[..., 0] = 2_000 * np.exp(rng.normal(0, scatter, (turns, 3)))
    found[:, 2, 0] *= 1 - loss_at_often
    found[..., 1] = 0.0, 0.006, 0.12
    found[..., 2] = 1.5
    return found


def test_the_loss_of_one_scrape_follows_from_that_of_many() -> None:
    cost = monitoring_loss(windows(0.10, scatter=0.0))
    assert cost.share == pytest.approx(0.004)
    assert cost.often_share == pytest.approx(0.08)
    assert cost.often_loss == pytest.approx(0.10)
    assert cost.loss == cost.loss_high == pytest.approx(0.10 * 0.004 / 0.08)


def test_scatter_widens_what_may_be_lost() -> None:
    known, vague = (monitoring_loss(windows(0.10, scatter)) for scatter in (0.01, 0.2))
    assert known.loss < known.loss_high < vague.loss_high
    assert known.loss_high < 0.01 < monitoring_loss(windows(0.6, 0.01)).loss_high
