"""Serializers by the names that scenarios use, where a framework takes any two functions."""

import json
import pickle
from collections.abc import Callable
from typing import Any

Codec = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def codec(name: str) -> Codec:
    """To text or bytes, and back."""
    if name == "msgpack":
        import msgpack  # where it is wanted only

        return msgpack.packb, msgpack.unpackb
    known: dict[str, Codec] = {
        "json": (json.dumps, json.loads),
        "pickle": (pickle.dumps, pickle.loads),
    }
    return known[name]


def codec_name(dump: Callable[[Any], Any]) -> str:
    """The opposite, of the first of the two: by the module that it stands in."""
    return str(dump.__module__).strip("_").partition(".")[0]
