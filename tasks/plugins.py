"""Task modules beside the one that is measured, as a grown application has them."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from tasks.spec import Spec

FOLDER = "plugins"


def load(spec: Spec, text: str) -> list[ModuleType]:
    """Import as many modules of this text as the scenario takes, ``{n}`` standing for their number.
    Written once a trial: what is measured is a later start.
    """
    count = spec.wants.get("plugins", 0)
    if not count:
        return []
    folder = Path(spec.records) / FOLDER
    folder.mkdir(exist_ok=True)
    sys.path.append(str(folder))
    for number in range(count):
        path = folder / f"plugin_{number}.py"
        if not path.exists():
            partial = path.with_suffix(f".{id(sys)}")  # several workers may write it at once
            partial.write_text(text.replace("{n}", str(number)))
            partial.replace(path)
    importlib.invalidate_caches()
    return [importlib.import_module(f"plugin_{number}") for number in range(count)]
