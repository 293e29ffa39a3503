"""``python -m tasks.describe``: as JSON, how this cell starts workers and what it holds."""

import json
import platform
import sys
import sysconfig
from dataclasses import asdict
from importlib import metadata

from tasks.adapter import Launch, load_adapter
from tasks.spec import read_spec


def main() -> None:
    spec = read_spec()
    launch: Launch = load_adapter(spec.framework).launch(spec)
    packages = {d.metadata["Name"].lower(): d.version for d in metadata.distributions()}
    build = {
        "python_version": platform.python_version(),
        "python_build": " ".join(platform.python_build()),
        "python_compiler": platform.python_compiler(),
        "python_flags": str(sysconfig.get_config_var("CONFIG_ARGS") or "unreadable"),
    }
    json.dump({**asdict(launch), "packages": packages, "build": build}, sys.stdout)


if __name__ == "__main__":
    main()
