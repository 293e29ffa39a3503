"""A scheduler ticks once a second."""

from tests.integration.trials import Trial


def test_two_schedulers_that_agree_double_no_tick(point_trial: Trial) -> None:
    outcome = point_trial("procrastinate", "periodic", "two schedulers")
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    fates = ("completed_once", "duplicated", "lost")
    assert sum(found[name] for name in fates) == found["issued"] >= 9
    assert found["lost"] < found["issued"]
    assert found["duplicated"] == found["ticks_more"] == 0
    assert 0 <= found["tick_lateness_p50"] <= found["tick_lateness_max"]
