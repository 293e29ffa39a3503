"""Settings of a framework's own, as an arm names them: ``--set NAME=VALUE``.

The adapter's ``SETTINGS`` says which it takes, where it gives them to the framework, and as what
the running worker shows each. What is not there is refused before anything starts.
"""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from enum import Enum
from operator import attrgetter
from typing import Any

from tasks.spec import Spec

# Of a live object: the path of the attribute that a setting has become (of a mapping, the key), or
# what reads it.
Reader = str | Callable[[Any], Any]
LISTED = 40  # names that a refusal lists
BROKER = "broker"  # the place of settings that differ by broker


def set_of(spec: Spec) -> dict[str, Any]:
    """What the arm sets of the framework's own."""
    return dict(spec.options.get("set", {}))


def parameters(*functions: Callable[..., Any]) -> set[str]:
    """What these can be called with by name."""
    found = (each for one in functions for each in inspect.signature(one).parameters.values())
    return {
        each.name for each in found if each.kind in {each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY}
    }


def taken(*names: str, **readers: Reader) -> dict[str, Reader]:
    """Settings by name: those that the live object has as attributes of that name, and others."""
    return {**{name: name for name in names}, **readers}


def words(settings: Mapping[str, Any]) -> list[str]:
    """As options of a command line, ``--max-prefetch=8``; what is true is a flag alone."""
    named = {f"--{name.replace('_', '-')}": value for name, value in settings.items()}
    return [
        name if value is True else f"{name}={value}"
        for name, value in named.items()
        if value is not False
    ]


@dataclass(frozen=True)
class Own:
    """The settings of a framework's own that an adapter takes.

    ``places``: settings by the place where the adapter gives them, which has a name of the
    adapter's. ``on``: by broker, those of the place ``broker``. ``known``: names that the installed
    version has, whether they are taken or not; those that are not cannot be read back. ``decided``:
    those of them that profile, scenario or trial decide. ``documented``: where.
    """

    documented: str
    places: Mapping[str, Mapping[str, Reader]]
    known: AbstractSet[str]
    on: Mapping[str, Mapping[str, Reader]] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()

    def at(self, spec: Spec, place: str) -> Mapping[str, Reader]:
        """What is taken at a place on the arm's broker."""
        there = self.on.get(spec.broker, {}) if place == BROKER else self.places[place]
        return {name: reader for name, reader in there.items() if name in self.known}

    def of(self, spec: Spec, *places: str) -> dict[str, Any]:
        """What the arm sets at these places."""
        there = {name for place in places for name in self.at(spec, place)}
        return {name: value for name, value in set_of(spec).items() if name in there}

    def read(self, spec: Spec, **live: Any) -> dict[str, Any]:
        """What the arm sets, as the live object of each place has it."""
        asked = ((self.at(spec, place), one, self.of(spec, place)) for place, one in live.items())
        return {n: seen(one, there[n]) for there, one, names in asked for n in names}

    def refusals(self, spec: Spec) -> Iterator[str]:
        """What is wrong with a setting that is not there, is decided, or cannot be read back."""
        there = {name for place in (*self.places, BROKER) for name in self.at(spec, place)}
        for name in set_of(spec):
            if name in self.decided:
                yield f"{name} is decided by profile, scenario or broker, and not set beside them"
            elif name not in self.known:
                what = f"{spec.framework} has no setting {name} on {spec.broker}"
                yield f"{what}; {self._those(name, there - self.decided)}"
            elif name not in there:
                what = f"{name}: no running worker of {spec.framework} tells it"
                yield f"{what}; {self._those(name, there - self.decided)}"

    def _those(self, name: str, there: Collection[str]) -> str:
        near = get_close_matches(name, there, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        if len(there) > LISTED:
            return f"{guess}All are at {self.documented}"
        return f"{guess}It takes {', '.join(sorted(there))} ({self.documented})"


def seen(live: Any, reader: Reader) -> Any:
    """What a live object has, as JSON would have it: an enumeration's value, seconds of a span."""
    try:
        if not isinstance(reader, str):
            value = reader(live)
        else:
            value = live[reader] if isinstance(live, Mapping) else attrgetter(reader)(live)
    except (AttributeError, KeyError):  # another version keeps it elsewhere: the trial is void
        return "unreadable"
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.value if isinstance(value, Enum) else value
