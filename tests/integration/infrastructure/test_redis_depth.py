"""What stands in a structure of Redis: sets by pattern, and streams whose lag the server knows or
does not.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from infrastructure.brokers import BrokerChoice
from infrastructure.processes.folder import TrialFolder
from infrastructure.redis.depth import lengths
from infrastructure.service import Broker

STREAM = ["lag:s/g", "pel:s/g"]


@pytest.fixture
def broker(folder: TrialFolder) -> Iterator[Broker]:
    started = BrokerChoice("redis", "embedded").start(folder, {})
    yield started
    started.stop()


@pytest.fixture
def client(broker: Broker) -> Iterator[Any]:
    made = redis.Redis.from_url(broker.url, decode_responses=True)
    yield made
    made.close()


def give(client: Any, count: int) -> list[str]:
    """Ids of the next entries, given to a consumer."""
    ((_, entries),) = client.xreadgroup("g", "c", {"s": ">"}, count=count)
    return [entry for entry, _ in entries]


def finish(client: Any, entry: str) -> None:
    client.xack("s", "g", entry)
    client.xdel("s", entry)


def test_sets_and_lists_are_counted_together_by_pattern(client: Any) -> None:
    client.sadd("acks.a.q", 1, 2)
    client.sadd("acks.b.q", 1)
    client.sadd("acks.c.other", 1)
    client.lpush("acks.list.q", 1)
    names = ["sets:acks.*.q", "set:acks.a.q", "sets:none*", "lists:acks.*"]
    assert lengths(client, names)[0] == [3, 2, 0, 1]


def test_members_of_a_sorted_set_are_counted_by_their_score(client: Any) -> None:
    client.zadd("z", {"queued": 0, "soon": 0.5, "later": 1_800_000_000})
    names = ["zset:z", "positive:z", "positive:none", "scored:z/0", "scored:z/-1"]
    assert lengths(client, names)[0] == [3, 2, 0, 1, 0]


def test_what_does_not_exist_holds_nothing_and_a_stream_without_the_group_waits(
    client: Any,
) -> None:
    assert lengths(client, STREAM)[0] == [0, 0]
    client.xadd("s", {"a": 1})
    assert lengths(client, STREAM)[0] == [1, 0]
    client.xgroup_create("s", "other", "$")
    assert lengths(client, STREAM)[0] == [1, 0]


def test_acknowledged_entries_stay_in_the_stream_and_are_not_counted(client: Any) -> None:
    client.xgroup_create("s", "g", "0", mkstream=True)
    for _ in range(5):
        client.xadd("s", {"a": 1})
    first, _ = give(client, 2)
    assert lengths(client, STREAM)[0] == [3, 2]
    client.xack("s", "g", first)
    assert client.xlen("s") == 5
    assert lengths(client, STREAM)[0] == [3, 1]


def test_entries_deleted_out_of_order_hide_the_lag_which_is_counted_then(client: Any) -> None:
    client.xgroup_create("s", "g", "0", mkstream=True)
    for _ in range(5):
        client.xadd("s", {"a": 1})
    _, second, _ = give(client, 3)
    finish(client, second)
    client.xdel("s", client.xadd("s", {"a": 1}))
    assert client.xinfo_groups("s")[0]["lag"] is None
    assert lengths(client, STREAM)[0] == [2, 2]


def test_a_key_of_another_kind_is_an_error(client: Any) -> None:
    client.set("x", 1)
    for name in ("list:x", "lag:x/g"):
        with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
            lengths(client, [name])


def test_our_own_looks_are_left_out_of_the_commands(broker: Broker, client: Any) -> None:
    client.xgroup_create("s", "g", "0", mkstream=True)
    client.sadd("acks.a.q", 1)
    entry = client.xadd("s", {"a": 1})
    client.xadd("s", {"a": 1})
    client.xdel("s", entry)  # the lag is not known from here on
    before = broker.commands()
    for _ in range(3):
        depth = broker.depth({"pending": ["lag:s/g"], "in_flight": ["sets:acks.*", "pel:s/g"]})
    assert (depth.pending, depth.in_flight) == (1, 1)
    after = broker.commands()
    assert {k: v for k, v in after.items() if v != before.get(k, 0)} == {}
