"""The matrix: its sessions, and a lock with hashes for each of its cells."""

import re

from harness.cli.matrix import Matrix


def test_the_matrix_names_its_sessions(matrix: Matrix) -> None:
    sessions = matrix.sessions()
    for expected in (
        "bench-3.12(asynctasq)",
        "bench-3.13(asynctasq)",
        "bench-3.14(celery)",
        "bench-3.12(asynctasq-1.6.0)",
        "bench-3.12(asynctasq-1.4.1)",
        "bench-3.13(celery-5.4.0)",
    ):
        assert expected in sessions


def test_every_cell_with_redis_py_parses_by_hiredis(matrix: Matrix) -> None:
    """Some frameworks ask for it, the others would pay for a parser in Python."""
    texts = {pin.id: pin.lock.read_text() for pin in matrix.pins()}
    versions = {
        name: re.findall("^hiredis==(.*) ", text, re.MULTILINE)
        for name, text in texts.items()
        if re.search("^redis==", text, re.MULTILINE)
    }
    assert len(versions) > 20
    assert {tuple(found) for found in versions.values()} == {("3.5.0",)}


def test_every_cell_has_a_lock_with_hashes(matrix: Matrix) -> None:
    for pin in matrix.pins():
        text = pin.lock.read_text()
        pinned = [line for line in text.splitlines() if "==" in line]
        assert all(line.endswith("\\") for line in pinned)
        assert "://" not in text
        if requirement := matrix.frameworks[pin.framework].requirement:
            assert f"{requirement.partition('[')[0]}=={pin.version} " in text
