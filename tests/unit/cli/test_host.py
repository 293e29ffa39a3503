"""What the harness is called with."""

import pytest

from harness.cli.host import without_address
from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from infrastructure.errors import UsageError

URL = "redis://:p@ss@h/0"


@pytest.mark.parametrize(
    "typed", [["--broker-url", URL], [f"--broker-url={URL}"]], ids=["apart", "joined"]
)
def test_an_address_goes_by_the_environment(typed: list[str]) -> None:
    words, environment = without_address(["bench", "--provider", "url", *typed, "--quick"])
    assert words == ["bench", "--provider", "url", "--quick"]
    assert environment == {"BENCH_BROKER_URL": URL}


def test_an_address_is_found_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, matrix: Matrix
) -> None:
    words = ["celery", "celery==5.6.3", "--provider", "url"]
    monkeypatch.delenv("BENCH_BROKER_URL", raising=False)
    with pytest.raises(UsageError, match="BENCH_BROKER_URL"):
        COMMANDS["compare"].parse(words, matrix)
    monkeypatch.setenv("BENCH_BROKER_URL", URL)
    assert COMMANDS["compare"].parse(words, matrix).broker_url == URL
