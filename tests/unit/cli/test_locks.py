"""Which locks a word names, and a pin that has none."""

from pathlib import Path

import pytest

from harness.cli import matrix as matrix_module
from harness.cli.environments import locked
from harness.cli.locks import chosen_locks, lock_requirements
from harness.cli.matrix import Matrix
from infrastructure.errors import BenchError, UsageError

WANTED: dict[str, list[str]] = {name: [] for name in ("celery-5.7.0", "celery-5.4.0", "dev", "sqs")}


def test_a_word_names_its_locks_only() -> None:
    assert list(chosen_locks(["celery"], WANTED, ["celery"])) == ["celery-5.7.0", "celery-5.4.0"]
    assert list(chosen_locks(["celery-5.4.0", "dev"], WANTED, ["celery"])) == [
        "celery-5.4.0",
        "dev",
    ]
    assert list(chosen_locks([], WANTED, ["celery"])) == list(WANTED)
    with pytest.raises(UsageError, match="did you mean 'celery'"):
        chosen_locks(["celry"], WANTED, ["celery"])


def test_what_a_version_is_held_to_is_in_its_lock_only(matrix: Matrix) -> None:
    groups: dict[str, dict[str, list[str]]] = {
        "dependency-groups": {name: [] for name in ("harness", "cluster", "dev", "sqs", "build")}
    }
    wanted = lock_requirements(matrix, groups)
    assert "coredis==6.8.0" in wanted["streaq-7.1.0"]
    assert "coredis==6.8.0" not in wanted["streaq-7.2.0"]


def test_a_pin_without_a_lock_is_refused_with_what_makes_one(
    matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(locked(pin).exists() for pin in matrix.pins())
    monkeypatch.setattr(matrix_module, "LOCKS", tmp_path)
    with pytest.raises(BenchError, match=r"no lock .*: nox -s lock -- arq-0\.28\.0"):
        locked(matrix.pins()[0])
