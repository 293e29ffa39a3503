"""Who came before the small tenant."""

import numpy as np

from scenarios.fairness import EACH, OWN, SMALL, USUAL, ahead, of_both


def test_the_small_tenant_sends_last_and_to_its_own_queue() -> None:
    assert set(of_both(100, [])["queue"]) == {0}
    for queues in EACH.values():
        load = of_both(100, queues)
        assert len(load) == 100 + SMALL
        assert set(load["queue"][:100]) == {queues.index(USUAL)}
        assert set(load["queue"][100:]) == {queues.index(OWN)}


def test_ahead_is_the_share_of_the_others_before_the_last_of_the_small_one() -> None:
    starts, small = np.arange(10), np.zeros(10, dtype=bool)
    small[[3, 7]] = True
    assert ahead(starts, small) == 6 / 8
    assert ahead(starts[::-1], small) == 5 / 8
