"""Arms as they are typed, and which of them may be compared."""

import pytest

from harness.cli.arms import (
    ArmRequest,
    Defaults,
    check_arms,
    differing,
    parse_arm,
    requested,
    soaked,
)
from harness.cli.matrix import Matrix
from infrastructure.errors import UsageError
from tests.typed import typed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say how long: --hours 8"),
        (["--hours", "0"], "hours above 0, found '0'"),
        (["asynctask", "--hours", "1"], "did you mean 'asynctasq'?"),
        (["celery==9", "--hours", "1"], "not pinned"),
        (["--hour", "1"], "did you mean '--hours'?"),
        (["--hours", "1", "--rate", "0"], "at least 1"),
    ],
)
def test_a_wrong_soak_is_refused(arguments: list[str], said: str, matrix: Matrix) -> None:
    with pytest.raises(UsageError) as refused:
        soaked(typed("soak", arguments), matrix)
    assert said in str(refused.value)


def test_a_soak_is_of_one_arm(matrix: Matrix) -> None:
    parsed = typed("soak", ["celery==5.4.0,python=3.13", "--hours", "0.25"])
    arm = soaked(parsed, matrix)
    assert (arm.framework, arm.version, arm.python, parsed.rate) == ("celery", "5.4.0", "3.13", 100)


DEFAULTS = Defaults("3.12", None, "matched")


def arms(matrix: Matrix, *texts: str) -> list[ArmRequest]:
    return [parse_arm(text, matrix, DEFAULTS) for text in texts]


def test_an_arm_says_everything_or_takes_the_default(matrix: Matrix) -> None:
    (arm,) = arms(matrix, "asynctasq==1.6.0,python=3.13,profile=tuned")
    assert arm == ArmRequest("asynctasq", "1.6.0", "", "3.13", "redis", "tuned", "1.6.0")
    (threads,) = arms(matrix, "celery@threads")
    assert (threads.variant, threads.version) == (
        "threads",
        matrix.frameworks["celery"].versions[0],
    )


def test_an_arm_may_take_other_workers(matrix: Matrix) -> None:
    (arm,) = arms(matrix, "celery@threads,take=threads=10,take=results=60,set=loglevel=INFO")
    assert arm.take == ("threads=10", "results=60")
    assert arm.variation == "threads loglevel=INFO threads=10 results=60"
    assert arm.label([]).endswith("@threads loglevel=INFO threads=10 results=60")
    assert differing([arm, *arms(matrix, "celery@threads,set=loglevel=INFO")]) == ["take"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("celery,take=thread=10", "did you mean 'threads'?"),
        ("celery,take=threads", "expected take=threads=NUMBER, found 'threads'"),
        ("celery,take=threads=0", "expected take=threads=NUMBER, found 'threads=0'"),
    ],
)
def test_what_an_arm_cannot_take_is_refused(matrix: Matrix, text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        arms(matrix, text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asynctask", "did you mean 'asynctasq'?"),
        ("asynctasq==1.6", "is not pinned: did you mean '1.6.0'?"),
        ("asynctasq==9.9", "nox -s lock"),
        ("celery@gevent", "unknown variant 'gevent': valid: threads"),
        ("rq@fast", "unknown variant 'fast': valid: none here"),
        ("../celery-checkout", "FRAMEWORK@path:../celery-checkout"),
        ("celery,pythn=3.12", "did you mean 'python'?"),
        ("celery,python=2.7", "unknown python '2.7'"),
        ("celery,broker=stub", "unknown broker 'stub'"),
        ("celery,broker=postgres", "unknown broker 'postgres'"),
    ],
)
def test_what_is_no_arm_is_refused(matrix: Matrix, text: str, said: str) -> None:
    with pytest.raises(UsageError, match="arm") as refused:
        parse_arm(text, matrix, DEFAULTS)
    assert said in str(refused.value)


def test_only_the_declared_factor_may_differ(matrix: Matrix) -> None:
    assert check_arms(arms(matrix, "asynctasq", "celery"), [], aa=False) == ["framework"]
    assert check_arms(arms(matrix, "celery", "celery==5.4.0"), [], aa=False) == ["version"]
    confounded = arms(matrix, "celery", "celery==5.4.0,python=3.13")
    assert differing(confounded) == ["version", "python"]
    with pytest.raises(UsageError, match="--factor version --factor python"):
        check_arms(confounded, [], aa=False)
    assert check_arms(confounded, ["version", "python"], aa=False) == ["version", "python"]


def test_equal_arms_and_single_arms_are_refused(matrix: Matrix) -> None:
    with pytest.raises(UsageError, match="--aa"):
        check_arms(arms(matrix, "celery", "celery"), [], aa=False)
    assert check_arms(arms(matrix, "celery", "celery"), [], aa=True) == ["none"]
    with pytest.raises(UsageError, match="two arms at least, found 1"):
        check_arms(arms(matrix, "celery"), [], aa=False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["celery", "asynctasq", "--broker", "postgres"], "unknown broker 'postgres'"),
        (["celery", "asynctasq", "--broker-url", "redis://x"], "goes with --provider url"),
        (["celery", "asynctasq", "--factor", "luck"], "unknown factor 'luck'"),
    ],
)
def test_wrong_options_are_refused(matrix: Matrix, arguments: list[str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        requested(typed("compare", arguments), matrix)
    assert said in str(refused.value)


def test_a_series_is_in_order_of_versions(matrix: Matrix) -> None:
    parsed = typed("regress", ["asynctasq", "--last", "3"])
    assert [a.version for a in requested(parsed, matrix)] == ["1.5.0", "1.6.0", "1.7.0"]
    parsed = typed("regress", ["asynctasq", "1.4.1", "1.5.0"])
    assert [a.version for a in requested(parsed, matrix)] == ["1.4.1", "1.5.0"]
    with pytest.raises(UsageError, match="name a framework"):
        requested(typed("regress", []), matrix)
