"""How many tasks stand in a structure of Redis, by the names that adapters use for structures.

``list:KEY``, ``hash:KEY``, ``set:KEY``, ``zset:KEY``: as many as it holds. ``positive:KEY``: of a
sorted set those whose score is above zero; ``scored:KEY/SCORE``: those of that score.
``sets:PATTERN``, ``lists:PATTERN``: all those whose keys fit, where there are few keys.
``lag:STREAM/GROUP``: entries of a stream that no consumer of the group has been given;
``pel:STREAM/GROUP``: given, and not acknowledged. (A stream's length is neither: acknowledged
entries stay in it.)
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from redis import ResponseError

LENGTH = {
    "list": "llen",
    "hash": "hlen",
    "set": "scard",
    "zset": "zcard",
    "positive": "zcount",
    "scored": "zcount",
}
MANY = {"sets": "set", "lists": "list"}
GROUPS = ("xinfo|groups", "xinfo")  # as servers count the command: since 7.0, and before
NO_STREAM = "no such key"


def lengths(client: Any, names: Sequence[str]) -> tuple[list[int], Counter[str]]:
    """Tasks in each structure, and the commands that it took to ask. A stream without the group
    waits as a whole; what does not exist holds none.
    """
    own: Counter[str] = Counter()
    order = [one for at, name in enumerate(names) for one in expanded(client, at, name, own)]
    pipe = client.pipeline(transaction=False)
    for _, structure, key in order:
        if structure in LENGTH:
            getattr(pipe, LENGTH[structure])(*arguments(structure, key))
            own[LENGTH[structure]] += 1
        else:
            pipe.xinfo_groups(key.rpartition("/")[0])
            own.update(GROUPS)
    counts = [0] * len(names)
    for (at, structure, key), answer in zip(order, pipe.execute(raise_on_error=False), strict=True):
        if structure not in LENGTH:
            counts[at] += in_stream(client, structure, key, answer, own)
        elif isinstance(answer, Exception):
            raise answer
        else:
            counts[at] += int(answer)
    return counts, own


def arguments(structure: str, key: str) -> tuple[str, ...]:
    """Of the command that gives its length: its key, and the bounds of the scores that count."""
    if structure == "positive":
        return key, "(0", "+inf"
    if structure == "scored":
        key, _, score = key.rpartition("/")
        return key, score, score
    return (key,)


def expanded(client: Any, at: int, name: str, own: Counter[str]) -> list[tuple[int, str, str]]:
    """``name``, or every set or list that its pattern fits, beside its place."""
    structure, key = name.split(":", 1)
    if structure not in MANY:
        return [(at, structure, key)]
    cursor, found = 0, set()
    while True:
        cursor, some = client.scan(cursor, match=key, count=1000, _type=MANY[structure])
        own["scan"] += 1
        found.update(some)
        if not cursor:
            return [(at, MANY[structure], each) for each in sorted(found)]


def in_stream(client: Any, structure: str, key: str, groups: Any, own: Counter[str]) -> int:
    """``lag`` or ``pel`` of XINFO GROUPS' answer."""
    stream, _, name = key.rpartition("/")
    if isinstance(groups, ResponseError) and NO_STREAM in str(groups):
        return 0
    if isinstance(groups, Exception):
        raise groups
    group = next((one for one in groups if one["name"] == name), None)
    if structure == "pel":
        return int(group["pending"]) if group else 0
    if group and group.get("lag") is not None:
        return int(group["lag"])
    return not_given(client, stream, group["last-delivered-id"] if group else None, own)


def not_given(client: Any, stream: str, last: str | None, own: Counter[str]) -> int:
    """Entries behind the last one given. For servers that do not know the lag: those before 7.0,
    and any where entries were deleted in another order than they were given in. Few are left before
    ``last`` where a framework deletes what it has done.
    """
    own["xlen"] += 1
    if last is None:
        return int(client.xlen(stream))
    own["xrange"] += 1
    pipe = client.pipeline(transaction=True)
    pipe.xlen(stream)
    pipe.xrange(stream, max=last)
    own.update(("multi", "exec"))
    held, given = pipe.execute()
    return int(held) - len(given)
