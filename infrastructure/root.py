"""Where the project's files lie, and what it builds and keeps."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "taskqueue-bench"
BUILT = ROOT / ".nox" if (ROOT / "noxfile.py").exists() else CACHE  # of a checkout, or installed
