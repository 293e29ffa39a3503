"""The command that measures an experiment again, from what its row keeps."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Options = Mapping[str, Any]


def of_survey(kept: Options) -> Iterator[str]:
    yield from kept.get("frameworks", [])
    for broker in kept.get("broker") or []:
        yield from ("--broker", broker)


def of_claims(kept: Options) -> Iterator[str]:
    yield from kept.get("names", [])
    if "blocks" in kept:
        yield from ("--blocks", str(kept["blocks"]))


def of_series(kept: Options) -> Iterator[str]:
    yield kept["framework"]
    if kept.get("since"):
        yield from ("--since", kept["since"])


WORDS: Mapping[str, Callable[[Options], Iterator[str]]] = {
    "survey": of_survey,
    "claims": of_claims,
    "series": of_series,
}


def again(command: str, options: str, seed: int) -> str:
    """As it is typed, with its seed. Empty for the new blocks of a series' steps, which come of
    themselves, and for other commands. ``options``: JSON, as the row of the experiment has it.
    """
    kept = json.loads(options)
    if command not in WORDS or "confirms" in kept:
        return ""
    return f"nox -s {command} -- {shlex.join([*WORDS[command](kept), '--seed', str(seed)])}"
