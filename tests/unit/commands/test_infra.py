"""The words of `infra`."""

import pytest

from infrastructure.errors import UsageError
from tests.typed import typed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say what to do, one of: up, down"),
        (["upp"], "did you mean 'up'?"),
        (["up", "redsi"], "did you mean 'redis'?"),
        (["up", "--provider", "url"], "unknown provider 'url'"),
        (["up", "redis", "--provder", "native"], "did you mean '--provider'?"),
        (["up", "--yes"], "--yes goes with install"),
        (["down", "--provider", "native"], "--provider goes with up"),
        (["status", "redis", "--durability", "relaxed"], "--durability goes with up"),
    ],
)
def test_wrong_words_are_refused(words: list[str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        typed("infra", words)
    assert refused.value.exit_code == 2
    assert said in str(refused.value)


def test_options_may_stand_between_the_words() -> None:
    parsed = typed("infra", ["up", "--provider", "native", "redis", "mysql"])
    assert (parsed.action, parsed.brokers, parsed.provider) == ("up", ["redis", "mysql"], "native")
