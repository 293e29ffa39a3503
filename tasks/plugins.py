"""Task modules beside the one that is measured, as a grown application has them."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

FOLDER = "plugins"


def load(records: Path, count: int, text: str) -> list[ModuleType]:
    """Import ``count`` modules of this text, ``{n}`` standing for its number. Written once a trial:
    what is measured is a later start.
    """
    folder = records / FOLDER
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
