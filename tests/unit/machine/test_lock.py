"""One machine, one bench."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from harness.machine.lock import USUAL, VARIABLE, MachineTaken, machine_lock, opened
from harness.trial.cell import Arm
from infrastructure.errors import BenchError, UsageError

TYPED = 'nox -s "bench-3.12(celery)" -- --broker-url redis://u:pw@h/0'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "lock"))
    return tmp_path / "lock"


def test_a_second_bench_is_refused_and_told_who_measures(path: Path) -> None:
    with (
        machine_lock(TYPED, wait=False),
        pytest.raises(MachineTaken) as refused,
        machine_lock("nox -s survey", wait=False),
    ):
        pytest.fail("two benches at once")
    said = str(refused.value)
    assert f"process {os.getpid()} since 20" in said
    assert ': nox -s "bench-3.12(celery)" -- --broker-url ' in said
    assert "pw" not in said
    assert "--wait" in said
    assert str(path) in said


@pytest.mark.usefixtures("path")
def test_it_is_free_again_whatever_happened_within() -> None:
    with pytest.raises(ZeroDivisionError), machine_lock(TYPED, wait=False):
        _ = 1 / 0
    with machine_lock(TYPED, wait=False):
        pass


@pytest.mark.usefixtures("path")
def test_one_that_waits_begins_when_the_other_is_done_and_says_for_whom(
    capsys: pytest.CaptureFixture[str],
) -> None:
    order, begun = list[str](), threading.Event()

    def other() -> None:
        with machine_lock(TYPED, wait=False):
            begun.set()
            time.sleep(0.2)
            order.append("other")

    thread = threading.Thread(target=other)
    thread.start()
    assert begun.wait(30)
    with machine_lock(TYPED, wait=True):
        order.append("ours")
    thread.join()
    assert order == ["other", "ours"]
    assert f"process {os.getpid()}" in capsys.readouterr().out


def test_what_a_killed_bench_left_in_the_file_does_not_count(path: Path) -> None:
    path.write_text('{"pid": 1, "command": "bench of yesterday", "since": "yesterday"}')
    with machine_lock(TYPED, wait=False):
        assert "yesterday" not in path.read_text()


def test_everybody_may_take_it_next_and_nobody_is_led_elsewhere(path: Path) -> None:
    before = os.umask(0o077)
    try:
        os.close(opened(path))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o666
    path.unlink()
    path.symlink_to(path.parent / "elsewhere")
    with pytest.raises(BenchError, match=VARIABLE):
        opened(path)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    "words",
    [
        ("compare", "stub", "stub", "--aa"),
        ("regress", "celery"),
        ("survey",),
        ("claims", "saq-arq"),
        ("series", "celery", "--since", "2026-01-31"),
        ("soak", "stub", "--hours", "1"),
        ("selfbench",),
        ("validate",),
        ("cells",),
    ],
    ids=lambda words: words[0],
)
def test_whoever_measures_needs_the_machine(words: tuple[str, ...], matrix: Matrix) -> None:
    name, *rest = words
    with machine_lock(TYPED, wait=False), pytest.raises(MachineTaken):
        COMMANDS[name].main(rest, matrix)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("name", ["compare", "soak"])
def test_a_setting_that_is_not_there_is_refused_before_the_machine_is_taken(
    name: str, matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(arm: Arm, _asked: object) -> None:
        raise UsageError(f"no setting {arm.settings}")

    monkeypatch.setattr("harness.experiment.arms.describe_all", refuse)
    python, version = matrix.pythons[0], matrix.frameworks["celery"].versions[0]
    words = ["celery", "--set", "speed=1", "--cell", "celery", version, python, sys.executable]
    words += {"compare": ["celery", "--aa"], "soak": ["--hours", "1"]}[name]
    with machine_lock(TYPED, wait=False), pytest.raises(UsageError, match="no setting speed=1"):
        COMMANDS[name].main(words, matrix)


def test_tests_never_take_the_machines_own_lock() -> None:
    assert Path(os.environ[VARIABLE]) != USUAL
