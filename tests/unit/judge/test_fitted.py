"""What is said of a scenario's points together."""

from harness.judge.fitted import Rate, Waited, said, waits
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL


def test_the_cost_of_a_mistake_is_the_right_rate_over_the_wrong_one() -> None:
    rates = [
        Rate("a", "computing in threads", 90.0),
        Rate("a", "computing in threads", 110.0),
        Rate("a", "computing in processes", 190.0),
        Rate("b", "waiting in processes", 40.0),
        Rate("b", "waiting where tasks wait", 400.0),
        Rate("b", "computing in coroutines", 5.0),  # the right way has no trial
    ]
    threads, processes = said(load_scenario("antipatterns"), rates)
    assert threads == (
        "a: computing in threads 100.0 tasks/s, computing in processes 190.0: "
        "the mistake costs a factor of 1.90."
    )
    assert processes == (
        "b: waiting in processes 40.0 tasks/s, waiting where tasks wait 400.0: "
        "the mistake costs a factor of 10.00."
    )


def test_mistakes_are_points_of_their_scenario() -> None:
    scenario = load_scenario("antipatterns")
    assert scenario.mistakes == (
        ("computing in coroutines", "computing in processes"),
        ("computing in threads", "computing in processes"),
        ("waiting in processes", "waiting where tasks wait"),
    )
    labels = {point.label for point in scenario.points(FULL)}
    assert {label for pair in scenario.mistakes for label in pair} == labels


def test_most_scenarios_have_nothing_to_say_of_their_points_together() -> None:
    assert not list(said(load_scenario("throughput"), []))


def test_sentences_are_by_arm_and_body() -> None:
    swept = [
        Rate("stub", "noop, 2 × 1", 100, 2, 1),
        Rate("stub", "noop, 2 × 4", 120, 2, 4),
        Rate("stub", "wait, 2 × 4", 9, 2, 4),
    ]
    (sentence,) = said(load_scenario("tuning"), swept)  # the other body has no baseline
    assert sentence.startswith("stub, body noop: Best: 2 processes with 4 reserved each, +20 %")
    workers = [
        Rate("stub", f"{n} workers", 100.0 * n / (1 + 0.2 * (n - 1)), n, None) for n in (1, 2, 4, 4)
    ]
    (law,) = said(
        load_scenario("scalability"), [*workers, Rate("stub", "1,000 tasks", 5, None, None)]
    )
    assert "serial share 0.20" in law


def test_round_trips_are_told_of_a_task_its_send_and_its_way() -> None:
    points = [Waited(rtt, 0.5 + 3 * rtt, 0.2 + rtt, 1 + 1.5 * rtt) for rtt in (0, 0.2, 1, 5)]
    assert waits("a", points) == (
        "a: with one slot, a task waits for 3.00 [3.00 … 3.00] round trips to the broker and its "
        "send for 1.00 [1.00 … 1.00]; from send to end it takes 1.50 [1.50 … 1.50]. Without a "
        "network that is 0.50, 0.20 and 1.00 ms."
    )
    assert waits("a", points[:2]).startswith("a: too few round-trip times")
