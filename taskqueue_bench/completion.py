"""Completion of ``taskqueue-bench`` in a shell: the shell asks the command itself."""

import argparse
from collections.abc import Sequence

from harness.cli.first_look import QUICKSTART
from harness.cli.matrix import Matrix
from harness.cli.words import PROFILES, PROVIDERS, scenario_names
from harness.commands import COMMANDS
from harness.commands.bench import Bench
from infrastructure.errors import UsageError

BASH = """\
_taskqueue_bench() {
    local IFS=$'\\n'
    COMPREPLY=($(taskqueue-bench --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _taskqueue_bench taskqueue-bench"""
SCRIPTS = {
    "bash": BASH,
    "zsh": f"autoload -U +X bashcompinit && bashcompinit\n{BASH}",
    "fish": "complete -c taskqueue-bench -a "
    "'(taskqueue-bench --complete (commandline -opc)[2..] (commandline -ct))'",
}
WITH_ARMS = {"compare", "soak", "regress"}


def script(words: Sequence[str]) -> str:
    """What a shell has to read. Raises UsageError."""
    if list(words) not in [[shell] for shell in SCRIPTS]:
        raise UsageError(f"completion: expected one of {', '.join(SCRIPTS)}")
    return SCRIPTS[words[0]]


def candidates(words: Sequence[str], sessions: Sequence[str], matrix: Matrix) -> list[str]:
    """What may stand in the place of the last word."""
    *before, begun = words or [""]
    found = sessions if not before else after(before, matrix)
    return [word for word in found if word.startswith(begun)]


def after(before: Sequence[str], matrix: Matrix) -> list[str]:
    """What may follow these words."""
    values = {
        "--scenario": scenario_names(),
        "--profile": PROFILES,
        "--provider": PROVIDERS,
        "--python": list(matrix.pythons),
        "--broker": list(dict.fromkeys(b for f in matrix.frameworks.values() for b in f.brokers)),
    }
    if before[-1] in values:
        return values[before[-1]]
    takes_words = {**COMMANDS, QUICKSTART: COMMANDS["compare"]}
    command = takes_words.get(before[0], Bench())
    shown = [a for a in command.parser(matrix)._actions if a.help != argparse.SUPPRESS]  # noqa: SLF001
    options = [name for action in shown for name in action.option_strings]
    return [*options, *(arms(matrix) if command.name in WITH_ARMS else ())]


def arms(matrix: Matrix) -> list[str]:
    """Every pin, as an arm names it."""
    names = list(matrix.frameworks)
    return [*names, *(f"{pin.framework}=={pin.version}" for pin in matrix.pins())]
