"""``python -m tasks.describe``: as JSON, how this cell starts workers and what it holds.

Reads a list of ``[scenario, wants]`` from standard input and answers with a list in its order: one
process for all of them, since importing a framework takes a second.
"""

import json
import platform
import sys
import sysconfig
from dataclasses import asdict, replace
from importlib import metadata
from typing import Any

from tasks.adapter import UNIT, Gap, Launch, load_adapter
from tasks.settings import Own, set_of
from tasks.spec import Spec, read_spec


def refused(spec: Spec) -> str:
    """Why the settings that the arm names cannot be, in words; empty where they can. Raises
    ImportError.
    """
    if not set_of(spec):
        return ""
    try:
        settings: Own | None = getattr(load_adapter(spec), "SETTINGS", None)
    except Gap:  # which each launch states
        return ""
    if settings is None:
        return f"the {spec.framework} adapter sets nothing: it does not support --set"
    return next(settings.refusals(spec), "")


def launch(spec: Spec) -> dict[str, Any]:
    """The adapter's answer, or the gap that it states; workers are held to what an arm sets of the
    framework's own too. Raises ImportError where the cell lacks something of the framework or of
    its broker's client.
    """
    own = set_of(spec)
    try:
        adapter = load_adapter(spec)
        if import_client := getattr(adapter, "import_client", None):
            import_client(spec)
        found = adapter.launch(spec)
    except Gap as gap:
        return {"gap": str(gap)}
    units = int(spec.wants.get("units", 1))
    return asdict(replace(in_units(found, units), asked={**found.asked, **own}))


def in_units(found: Launch, units: int) -> Launch:
    """The commands of so many units of workers, which together are the arm."""
    each = found.topology
    topology = replace(each, processes=units * each.processes, prefetch=units * each.prefetch)
    workers = [
        [word.replace(UNIT, str(unit)) for word in command]
        for unit in range(1, units + 1)
        for command in found.workers
    ]
    return replace(found, workers=workers, topology=topology)


def main() -> None:
    spec = read_spec()
    wanted = json.load(sys.stdin)
    packages = {d.metadata["Name"].lower(): d.version for d in metadata.distributions()}
    build = {
        "python_version": platform.python_version(),
        "python_build": " ".join(platform.python_build()),
        "python_compiler": platform.python_compiler(),
        "python_flags": str(sysconfig.get_config_var("CONFIG_ARGS") or "unreadable"),
    }
    if said := refused(spec):
        json.dump({"refused": said}, sys.stdout)
        return
    launches = [launch(replace(spec.taking(wants), scenario=name)) for name, wants in wanted]
    json.dump({"launches": launches, "packages": packages, "build": build}, sys.stdout)


if __name__ == "__main__":
    main()
