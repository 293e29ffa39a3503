"""``python -m harness``, called in the harness's own environment."""

import subprocess

from harness.cli.environments import harness_python
from harness.cli.matrix import Matrix
from harness.cli.uv import clean_environment
from infrastructure.root import ROOT


def run_harness(matrix: Matrix, *arguments: str) -> int:
    """Run a command to its end; its exit code.

    Ctrl-C reaches the harness directly (same terminal); nox would kill it within half a second,
    so we wait here until it has stored the trial and stopped its children. Raises
    KeyboardInterrupt then.
    """
    command = [str(harness_python(matrix)), "-m", "harness", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=clean_environment())
    interrupted = False
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return code


def ask_harness(matrix: Matrix, *arguments: str) -> str:
    """What a command prints. Raises SystemExit with its exit code when it fails."""
    command = [str(harness_python(matrix)), "-m", "harness", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout
