"""``new``: an adapter to start from, with its contract test."""

import argparse
from pathlib import Path

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.parser import Parser, folder, one_of
from infrastructure.errors import UsageError
from infrastructure.root import ROOT

SKELETONS = Path(__file__).parent / "skeletons"


class New(Command):
    name = "new"
    help = "Write an adapter for your own framework to start from, with its contract test."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = parser.add_argument
        add("what", type=one_of("skeleton", ["framework"]), help="framework")
        add("of", metavar="NAME", help="its name, a Python identifier")
        add("--folder", type=folder, default=Path(), help="where to write it (here)")

    def placed(self, words: list[str], folder: Path) -> list[str]:
        """Files are written where somebody stands."""
        named = any(word.partition("=")[0] == "--folder" for word in words)
        return words if named else [*words, "--folder", str(folder)]

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        if not options.of.isidentifier() or options.of in matrix.frameworks:
            raise UsageError(
                f"new: expected a Python identifier, of no framework yet, found {options.of!r}"
            )
        for path in self.files(options).values():
            if path.exists():
                raise UsageError(f"new: {path} is there already")

    def files(self, options: argparse.Namespace) -> dict[str, Path]:
        """By skeleton."""
        names = {"adapter": f"{options.of}.py", "test": f"test_{options.of}.py"}
        return {skeleton: options.folder.resolve() / name for skeleton, name in names.items()}

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        options.folder.mkdir(parents=True, exist_ok=True)
        for skeleton, path in self.files(options).items():
            text = (SKELETONS / f"{skeleton}.txt").read_text()
            path.write_text(text.replace("NAME", options.of).replace("ROOT", str(ROOT)))
            print(f"{path} written")
        adapter = self.files(options)["adapter"]
        compare = f"nox -s compare -- {options.of} celery --adapter {adapter}"
        print(f"It can be measured as it is: {compare}")
        return 0


COMMAND = New()
