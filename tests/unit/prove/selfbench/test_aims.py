"""Which aim a metric has, and what is said of one that is missed."""

from harness.measure.metrics import Metric
from harness.prove.selfbench.aims import aim_of, missed


def test_the_upper_end_is_what_is_judged() -> None:
    aim = aim_of("monitoring_loss_high_celery")
    assert aim
    assert aim.met(0.9)
    assert not aim.met(1.1)
    assert aim_of("monitoring_loss_celery") is None


def test_a_missed_aim_is_a_sentence() -> None:
    found = [
        Metric("probe_cost_celery", 3.5, "us"),
        Metric("probe_cost_stub", 2.9, "us"),
        Metric("enqueue_share_of_bare_celery", 0.9, "1"),
        Metric("enqueue_spread_celery", 9.0, "1"),  # has none
    ]
    assert missed(found) == [
        "probe_cost_celery: 3.5 us, aim ≤ 3",
        "enqueue_share_of_bare_celery: 0.9 1, aim ≥ 0.97",
    ]
