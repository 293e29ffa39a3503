"""The command that measures an experiment again, from what its row keeps."""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.cli.matrix import read_matrix

Options = Mapping[str, Any]
ARM = re.compile(r"(?P<framework>[^=]+)==(?P<version>[^,@]+).*?,python=(?P<python>[^,]+)")
USUAL = (None, "", "matched")  # what need not be typed


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


def of_bench(kept: Options) -> Iterator[str]:
    for scenario in kept.get("scenario") or []:
        yield from ("--scenario", scenario)
    for name in ("broker", "trials", "profile", "variant"):
        if kept.get(name) not in USUAL:
            yield from (f"--{name}", str(kept[name]))
    for setting in kept.get("set") or []:
        yield from ("--set", setting)
    for flag in ("quick", "no_profilers"):
        if kept.get(flag):
            yield f"--{flag.replace('_', '-')}"


def of_soak(kept: Options) -> Iterator[str]:
    yield kept["arm"]
    yield from ("--hours", f"{kept['hours']:g}")
    for name in ("broker", "profile"):
        if kept.get(name) not in USUAL:
            yield from (f"--{name}", kept[name])


WORDS: Mapping[str, Callable[[Options], Iterator[str]]] = {
    "survey": of_survey,
    "claims": of_claims,
    "series": of_series,
    "bench": of_bench,
    "soak": of_soak,
}


def again(command: str, options: str, seed: int) -> str:
    """As it is typed, with its seed. Empty for the new blocks of a series' steps, which come of
    themselves, for other commands, and for a bench whose row does not say of which cell it is.
    ``options``: JSON, as the row of the experiment has it.
    """
    kept = json.loads(options)
    session = session_of(command, kept) if command in WORDS and "confirms" not in kept else ""
    if not session:
        return ""
    return f"nox -s {session} -- {shlex.join([*WORDS[command](kept), '--seed', str(seed)])}"


def session_of(command: str, kept: Options) -> str:
    """A bench is a session of its cell; empty where the row does not say of which."""
    if command != "bench":
        return command
    found = ARM.match(kept.get("words", ""))
    if not found:
        return ""
    name, version, python = found.group("framework", "version", "python")
    pins = {(pin.framework, pin.version): pin.id for pin in read_matrix().pins()}
    return f'"bench-{python}({pins.get((name, version), f"{name}-{version}")})"'
