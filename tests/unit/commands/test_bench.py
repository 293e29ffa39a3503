"""What may be typed of a bench, and what goes on with one."""

import argparse
from pathlib import Path

import pytest

from harness.cli.exits import Exit
from harness.cli.matrix import Cell, Matrix
from harness.commands.bench import Bench, plan_of, request_of
from harness.commands.typed import gone_on_with
from infrastructure.errors import StoreError, UsageError
from tests.made.rows import Rows, made

PLACED = ["--scenario", "latency", "--place", "broker=b,worker=resource:w"]


def parsed(matrix: Matrix, *words: str) -> argparse.Namespace:
    return Bench(["celery"]).parse(words, matrix)


def test_a_search_is_of_one_piece(matrix: Matrix) -> None:
    assert plan_of(parsed(matrix, "--scenario", "latency")).searched_ms == 200
    for words in (["--max-time", "13m"], ["--resume", "x"]):
        assert plan_of(parsed(matrix, "--scenario", "latency", *words)).searched_ms is None
        with pytest.raises(UsageError, match="a search is of one piece"):
            parsed(matrix, "--scenario", "latency", "--slo", "100", *words)


def test_a_bench_goes_on_in_its_own_cell(matrix: Matrix) -> None:
    options = parsed(matrix, "--resume", "x", "--set", "worker_prefetch_multiplier=8")
    cell = Cell("celery", matrix.frameworks["celery"].versions[0], "3.12")
    own = request_of(cell, options)
    assert own.words.endswith("set=worker_prefetch_multiplier=8")
    options.words = own.words  # as its row has kept them
    assert request_of(cell, options) == own
    with pytest.raises(UsageError, match=r"--resume x: it is of celery==\S+,python=3.12"):
        request_of(Cell("celery", cell.version, "3.13"), options)


def cell_of(matrix: Matrix) -> list[str]:
    return ["celery", matrix.frameworks["celery"].versions[0], "3.12", "python"]


def two_benches(rows: Rows) -> None:
    """The newer one is of another arm."""
    rows.experiment("ours", 1)
    rows.trial("ours", "celery", metrics={"drain_rate": 100.0})
    rows.trial("ours", "celery", scenario="idle", metrics={"workers_idle_cpu": 0.03})
    rows.experiment("theirs", 2)
    rows.trial("theirs", "rq", metrics={"drain_rate": 900.0})


def test_a_piece_that_measured_nothing_has_no_answer_to_show(
    matrix: Matrix,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The plan's code, as where time ended later."""
    database = made(tmp_path, two_benches)
    monkeypatch.setattr("harness.commands.bench.measure", lambda *_: (Exit.NO_VERDICT, ""))
    asked = [*cell_of(matrix), "--max-time", "1s", "--db", str(database)]
    assert Bench().main(asked, matrix) == Exit.NO_VERDICT
    assert capsys.readouterr().out == ""


def test_a_bench_ends_with_the_answer_of_its_own_trials(
    matrix: Matrix,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever else the database holds, and of every scenario that it measured."""
    database = made(tmp_path, two_benches)
    monkeypatch.setattr("harness.commands.bench.measure", lambda *_: (Exit.FINE, "ours"))
    assert Bench().main([*cell_of(matrix), "--db", str(database)], matrix) == Exit.FINE
    said = " ".join(capsys.readouterr().out.split())
    assert "celery 1.0: 100 tasks/s (Throughput)" in said
    assert "idle celery 1.0: 0.03 cores" in said
    assert "rq" not in said


def test_roles_are_placed_on_workers_of_a_cluster(matrix: Matrix) -> None:
    assert parsed(matrix, "--cluster", "tcp://h:1", *PLACED).cluster == "tcp://h:1"
    for words, said in (
        (["--cluster", "tcp://h:1"], "--cluster goes with --place"),
        (["--cluster", "local:2", *PLACED], "workers of that cluster as hosts"),
        (["--tls-cert", "c.pem"], "go together"),
    ):
        with pytest.raises(UsageError, match=said):
            parsed(matrix, *words)


def test_a_bench_on_a_cluster_goes_on_where_its_cluster_is_named(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = {"cluster": "tcp://h:1", "place": "worker=c", "quick": True}
    monkeypatch.setattr("harness.experiment.row.stored_options", lambda *_: ("bench", dict(began)))
    again = gone_on_with(parsed(matrix, "--resume", "x", "--cluster", "tcp://h:2"), "bench")
    assert (again.cluster, again.place, again.quick) == ("tcp://h:2", "worker=c", True)
    with pytest.raises(UsageError, match=r"\(worker=c\): add --cluster tcp://h:1, or the address"):
        gone_on_with(parsed(matrix, "--resume", "x"), "bench")
    began["place"] = "worker=netns:w"
    began["cluster"] = ""
    assert gone_on_with(parsed(matrix, "--resume", "x"), "bench").place == "worker=netns:w"


def test_a_bench_that_is_not_there_is_not_gone_on_with(matrix: Matrix, tmp_path: Path) -> None:
    words = ["--resume", "20261128-x", "--db", str(tmp_path / "r.duckdb")]
    with pytest.raises(StoreError, match="no database"):
        Bench().main(["celery", "5.7.0", "3.12", "python", *words], matrix)
