"""The way to a cluster: the scheduler that was named, or workers of this session's own, for a try.

A session opens no port on a network: it calls the scheduler, which calls the machines. Workers of
its own listen on 127.0.0.1.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.cli.cluster import Cluster
from infrastructure.errors import BenchError

if TYPE_CHECKING:
    from distributed import Client
    from distributed.security import Security

CONNECT_S = 10
LOOPBACK = "127.0.0.1"


@contextmanager
def connected(cluster: Cluster) -> Iterator["Client"]:
    """Raises BenchError where nobody answers."""
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say what is wrong
    if cluster.local:
        with on_this_machine(cluster.local) as client:
            yield client
        return
    try:
        client = Client(
            cluster.address,
            security=security(cluster),
            timeout=CONNECT_S,
            direct_to_workers=False,
        )
    except (OSError, TypeError, ValueError, RuntimeError) as error:
        raise BenchError(
            f"--cluster {cluster.address}: {error}; is its scheduler there? "
            "nox -s cluster -- scheduler --host ADDRESS starts one"
        ) from None
    with client:
        yield client


def security(cluster: Cluster) -> "Security | None":
    """Of the files that were named; else what Dask is configured to."""
    from distributed.security import Security

    if not cluster.tls_ca_file:
        return None
    return Security(
        tls_ca_file=cluster.tls_ca_file,
        tls_client_cert=cluster.tls_cert,
        tls_client_key=cluster.tls_key,
        require_encryption=True,
    )


@contextmanager
def on_this_machine(workers: int) -> Iterator["Client"]:
    """Workers in processes of their own, which end with this one."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host=LOOPBACK,
            memory_limit=None,
            dashboard_address=f"{LOOPBACK}:0",
            worker_dashboard_address=f"{LOOPBACK}:0",
            silence_logs=logging.CRITICAL,
        ) as local,
        Client(local, direct_to_workers=False) as client,
    ):
        yield client
