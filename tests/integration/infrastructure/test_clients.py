"""Servers of ours work whatever is set for other servers of that kind."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.store.vocabulary import Status
from harness.trial.cell import Arm
from infrastructure.clients import NOTHING
from tests.integration.trials import Trial

HOSTILE = {
    "PGHOST": "192.0.2.1",
    "PGHOSTADDR": "192.0.2.1",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGDATABASE": "nothing",
    "PGPASSWORD": "wrong",
    "PGSERVICE": "theirs",
    "PGSSLMODE": "verify-full",
    "PGOPTIONS": "-c search_path=elsewhere",
    "PGTARGETSESSIONATTRS": "standby",
    "AWS_PROFILE": "theirs",
    "AWS_ENDPOINT_URL": "http://192.0.2.1",
    "AWS_ENDPOINT_URL_SQS": "http://192.0.2.1",
    "AWS_REGION": "xx-nowhere-1",
    "AWS_CA_BUNDLE": "/nonexistent",
}


@pytest.mark.parametrize("broker", ["postgresql", "sqs"])
def test_settings_for_other_servers_reach_no_server_of_ours(
    broker: str,
    on_broker: Callable[..., Arm],
    trial: Trial,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for name in NOTHING:
        monkeypatch.setenv(name, os.devnull)  # put back afterwards, as the next ones
    service = tmp_path / "pg_service.conf"
    service.write_text("[theirs]\nhost=192.0.2.1\nsslmode=require\n")
    for name, value in {**HOSTILE, "PGSERVICEFILE": str(service)}.items():
        monkeypatch.setenv(name, value)
    outcome = trial(on_broker("raw", broker), "throughput")
    assert outcome.status != Status.FAILED, outcome.reason
