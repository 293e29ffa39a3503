"""What may be typed with --cluster, and what is refused before anything starts."""

import argparse
import re

import pytest

from harness.cli.cluster import cluster_address, cluster_of, is_clustered
from harness.cli.matrix import LOCKS, Matrix
from harness.commands import COMMANDS
from harness.commands.cluster import scheduler, worker
from infrastructure.errors import UsageError

ARMS = ["celery", "asynctasq"]
TLS = ["--tls-ca-file", "ca.pem", "--tls-cert", "c.pem", "--tls-key", "k.pem"]


@pytest.mark.parametrize("word", ["tcp://10.0.0.1:8786", "tls://host:1", "local:1", "local:12"])
def test_an_address_is_a_scheduler_or_workers_of_this_machine(word: str) -> None:
    assert cluster_address(word) == word


@pytest.mark.parametrize(
    "word", ["local:0", "local:", "host:8786", "http://h:1", "tcp://h", "tcp://me:secret@h:1"]
)
def test_another_word_is_refused(word: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected tcp://HOST:PORT"):
        cluster_address(word)


def parsed(matrix: Matrix, *words: str) -> argparse.Namespace:
    return COMMANDS["compare"].parse([*ARMS, *words], matrix)


def test_files_of_tls_go_with_a_tls_address(matrix: Matrix) -> None:
    found = cluster_of(parsed(matrix, "--cluster", "tls://h:1", *TLS))
    assert found
    assert (found.local, found.tls_ca_file, found.tls_key) == (0, "ca.pem", "k.pem")
    with pytest.raises(UsageError, match="go together"):
        parsed(matrix, "--cluster", "tls://h:1", *TLS[:4])
    with pytest.raises(UsageError, match="TLS files go with tls://"):
        parsed(matrix, "--cluster", "tcp://h:1", *TLS)
    assert cluster_of(parsed(matrix)) is None


@pytest.mark.parametrize(
    "words",
    [
        ["--dry-run"],
        ["--metrics-port", "9000"],
        ["--with", "kombu==5.4.0"],
        ["--provider", "url", "--broker-url", "redis://h:1/0"],
    ],
    ids=str,
)
def test_what_stays_on_this_machine_is_refused(matrix: Matrix, words: list[str]) -> None:
    parsed(matrix, "--cluster", "local:2")
    with pytest.raises(UsageError, match=r"--cluster does not go with|--cluster: "):
        parsed(matrix, "--cluster", "local:2", *words)


def test_code_of_ones_own_is_refused(matrix: Matrix) -> None:
    words = ["celery@path:/tmp", "celery", "--cluster", "local:2"]
    with pytest.raises(UsageError, match="arms are pinned versions"):
        COMMANDS["compare"].parse(words, matrix)


def test_the_words_say_which_environment_it_takes() -> None:
    assert is_clustered(["compare", "--cluster=local:2"])
    assert is_clustered(["compare", "--cluster", "local:2"])
    assert not is_clustered(["compare", "cluster", "--clusters"])


def test_the_environment_of_a_cluster_is_the_harness_and_dask_and_what_builds_its_cells() -> None:
    def held(name: str) -> set[str]:
        return set(re.findall(r"(?m)^([\w.-]+==\S+)", (LOCKS / f"{name}.txt").read_text()))

    assert held("harness") < held("cluster")
    beside = {each.partition("==")[0] for each in held("cluster") - held("harness")}
    assert {"distributed", "uv"} <= beside


def test_whoever_listens_says_where(matrix: Matrix) -> None:
    command = COMMANDS["cluster"]
    for words in (["scheduler"], ["worker", "tcp://h:1"], []):
        with pytest.raises(UsageError, match=r"name the address|say what to start"):
            command.parse(words, matrix)
    with pytest.raises(UsageError, match="worker tcp://HOST:PORT"):
        command.parse(["worker", "--host", "h"], matrix)
    found = command.parse(
        ["worker", "tls://h:1", "--host", "10.0.0.2", "--name", "b", *TLS], matrix
    )
    words = list(worker(found))
    assert words[1:4] == ["tls://h:1", "--host", "10.0.0.2"]
    assert "--no-nanny" in words
    assert "--tls-key" in words
    listens = scheduler(command.parse(["scheduler", "--host", "10.0.0.1", *TLS], matrix))
    assert [*listens][1:5] == ["--host", "10.0.0.1", "--port", "8786"]
    assert "tls" in listens


PLACED = ["--scenario", "latency", "--place", "broker=b,worker=c+d"]


def test_roles_are_placed_on_workers_of_a_cluster_that_is_named(matrix: Matrix) -> None:
    parsed(matrix, "--cluster", "tcp://h:1", *PLACED)
    for words in (
        ["--cluster", "local:2", *PLACED],
        ["--cluster", "tcp://h:1", "--scenario", "latency", "--place", "broker=netns:b"],
    ):
        with pytest.raises(UsageError, match="workers of that cluster as hosts"):
            parsed(matrix, *words)
    with pytest.raises(UsageError, match="no block is spread"):
        parsed(matrix, "--cluster", "tcp://h:1", "--strata", *PLACED)


def test_strata_are_for_the_machines_of_a_cluster(matrix: Matrix) -> None:
    assert parsed(matrix, "--cluster", "tcp://h:1", "--strata").strata
    assert not parsed(matrix).strata
    for words in (["--strata"], ["--strata", "--cluster", "local:2"]):
        with pytest.raises(UsageError, match="it is for unlike machines"):
            parsed(matrix, *words)
