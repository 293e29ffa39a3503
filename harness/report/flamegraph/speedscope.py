"""Stacks as a file for https://www.speedscope.app, also kept offline: "sampled" profiles."""

import re
from collections.abc import Mapping
from typing import Any

SCHEMA = "https://www.speedscope.app/file-format-schema.json"
Document = Mapping[str, Any]  # as JSON has it
UNITS = {"py-spy": "none", "memray": "bytes"}  # "none": numbers of samples
PLACE = re.compile(r"^(?P<name>.+) \((?P<file>.+?)(?::(?P<line>\d+))?\)$")


def frame(text: str) -> dict[str, Any]:
    """``work (w.py:3)`` as name, file and line; what has another form is a name."""
    found = PLACE.match(text)
    if found is None:
        return {"name": text}
    line = {"line": int(found["line"])} if found["line"] else {}
    return {"name": found["name"], "file": found["file"], **line}


def document(stacks: Mapping[str, int], title: str, tool: str) -> Document:
    """The file's content; ``stacks`` maps folded frames, outermost first, to samples or bytes."""
    places: dict[str, int] = {}
    samples = [[places.setdefault(f, len(places)) for f in s.split(";")] for s in stacks]
    return {
        "$schema": SCHEMA,
        "name": title,
        "exporter": "taskqueue-bench",
        "activeProfileIndex": 0,
        "shared": {"frames": [frame(place) for place in places]},
        "profiles": [
            {
                "type": "sampled",
                "name": title,
                "unit": UNITS[tool],
                "startValue": 0,
                "endValue": sum(stacks.values()),
                "samples": samples,
                "weights": list(stacks.values()),
            }
        ],
    }
