"""SQS: which addresses are refused, and what one says."""

from pathlib import Path

import pytest

from infrastructure import sqs
from infrastructure.errors import UsageError
from infrastructure.sqs.client import client_of
from tasks.spec import BROKER_ADDRESS, BROKER_PASSWORD, BROKER_REGION, BROKER_USER, on_broker


def test_an_emulator_that_is_not_there_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.sqs.program.HOME", tmp_path)
    with pytest.raises(UsageError, match=r"lacks Node\.js and fauxqs.*nox -s infra -- install sqs"):
        sqs.find("embedded")


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://sqs.eu-west-1.amazonaws.com", "eu-west-1"),
        ("https://K:S@sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("http://127.0.0.1:4566", "us-east-1"),
        ("http://localhost:4566", "us-east-1"),
    ],
)
def test_the_region_comes_from_the_host(url: str, region: str) -> None:
    """Ours, and that of a framework that is told it on its command line."""
    client = client_of(url)
    assert (client.meta.region_name, on_broker(BROKER_REGION, url)) == (region, region)
    client.close()


def test_a_key_is_told_as_it_is_and_not_as_it_is_written() -> None:
    words = [BROKER_USER, BROKER_PASSWORD, BROKER_ADDRESS]
    url = "http://K%2FY:S%40%2B@127.0.0.1:1"
    assert [on_broker(word, url) for word in words] == ["K/Y", "S@+", "http://127.0.0.1:1"]


def test_an_address_without_a_key_uses_the_usual_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "FROM-THE-ENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    ours = client_of("http://127.0.0.1:1")
    given = client_of("http://K%2FY:S%40C@127.0.0.1:1")
    assert ours._request_signer._credentials.access_key == "FROM-THE-ENVIRONMENT"
    assert given._request_signer._credentials.access_key == "K/Y"
    assert given._request_signer._credentials.secret_key == "S@C"
    ours.close()
    given.close()
