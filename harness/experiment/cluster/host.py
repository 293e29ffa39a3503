"""What a machine does for roles of a trial that is driven elsewhere: ``python -m harness host``.

Requests come by standard input, a line each; answers and news go to standard output.
"""

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from harness.cli.arms import parse_arm
from harness.cli.matrix import Matrix
from harness.experiment.cluster.card import kind_of
from harness.experiment.cluster.machine import built
from harness.experiment.cluster.parcel import HOSTS, place
from harness.experiment.cluster.plan import NO_DEFAULTS
from harness.machine import environment
from harness.machine.commit import code, commit
from harness.trial.far.end import End
from harness.trial.far.host import Card, cores_here
from infrastructure.errors import UsageError
from infrastructure.root import ROOT


def main(matrix: Matrix) -> int:
    """Until nobody is there any more."""
    answers, one = os.fdopen(os.dup(1), "w"), threading.Lock()
    os.dup2(2, 1)  # what anything else prints is no answer

    def say(text: str) -> None:
        with one:
            answers.write(f"{text}\n")
            answers.flush()

    def hello(code: str, arms: Sequence[str], cells: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        return asdict(card_for(code, arms, cells, matrix))

    end = End(place() / HOSTS, hello, lambda news: say(json.dumps(news)))
    try:
        for line in sys.stdin:
            say(end.answer(line))
    finally:
        end.close()
    return 0


def card_for(
    theirs: str, arms: Sequence[str], cells: Sequence[Sequence[str]], matrix: Matrix
) -> Card:
    """What this machine is, with its cells of these arms; ``cells``: (framework, version, Python,
    interpreter) over there. Raises UsageError where it has another harness.
    """
    if theirs != code():
        raise UsageError(
            f"the harness here ({commit()}) is not the one that was started: check the same commit "
            "out on both, without changes, and start this machine's worker again"
        )
    own = built([parse_arm(words, matrix, NO_DEFAULTS) for words in arms], matrix)
    known = {exe: own[f, v, p] for f, v, p, exe in cells if (f, v, p) in own}
    kind = kind_of(environment.machine())
    return Card(str(ROOT), sys.executable, cores_here(), kind, known)
