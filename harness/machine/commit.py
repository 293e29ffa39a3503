"""The harness's own commit."""

import os
import subprocess
from pathlib import Path

from harness.machine.reading import UNREADABLE
from infrastructure.root import ROOT

ASKED_S = 20.0


def commit(root: Path = ROOT) -> str:
    """The git commit, with a + when the tree has changes; unreadable without git or outside it."""
    # No repository above ours, and none that the caller's GIT_DIR names, is meant.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ours = {**kept, "GIT_CEILING_DIRECTORIES": str(root.parent), "GIT_OPTIONAL_LOCKS": "0"}
    asked = ["git", "-C", str(root), "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        done = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env=ours,
            timeout=ASKED_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return UNREADABLE
    return done.stdout.strip() or UNREADABLE
