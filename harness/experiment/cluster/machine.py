"""What a machine of a cluster does, in a process of its own: ``python -m harness machine``.

A plan comes by standard input. Lines for people go to standard output, trials into the spool of the
work's folder, and the answer beside it. The blocks are those of every comparison.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.cli.arms import ArmRequest, parse_arm
from harness.cli.emulator import install_sqs
from harness.cli.matrix import Matrix
from harness.cli.start import cell_python
from harness.cli.words import ADDRESS
from harness.experiment.arms import Cells, Server
from harness.experiment.cluster.card import kind_of, look_round
from harness.experiment.cluster.parcel import DATABASE
from harness.experiment.cluster.place import (
    WorkAnswer,
    owned,
    settle_left,
    settle_work,
    write_answer,
)
from harness.experiment.cluster.plan import NO_DEFAULTS, Ground, Kind, State, Work, mark_of
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.machines import this_machine
from harness.experiment.comparison.prepare import ComparisonRequest, prepare
from harness.machine.commit import code, commit
from infrastructure.errors import UsageError
from infrastructure.redact import keep_secrets_of

CELLS = "BENCH_MACHINE_CELLS"  # JSON, [[framework, version, Python, interpreter]]: built elsewhere
NAMED, STRATUM = "cluster_machine", "stratum"  # in a trial's environment


def carry_out(text: str, matrix: Matrix) -> int:
    """Do what a plan says. Raises BenchError where it cannot be done here."""
    work = Work.read(text)
    check_code(work.ground)
    with owned(work.id) as folder:
        write_answer(folder, answer_to(work, matrix, folder))
    return 0


def answer_to(work: Work, matrix: Matrix, folder: Path) -> WorkAnswer:
    left = tuple(settle_left(work.ground.experiment.experiment_id)) if joins(work) else ()
    comparison = comparison_of(work, matrix, folder)
    if joins(work):
        return WorkAnswer(card=look_round(comparison, folder, matrix), left=left)
    with this_machine(comparison) as machines:
        if work.block is None:
            machines.learn()
        else:
            machines.expect(1)
            machines.carry_out([work.block])
    redo, number = comparison.redo, work.block.number if work.block else None
    return WorkAnswer(State.of(comparison), number, redo.times, tuple(redo.never))


def joins(work: Work) -> bool:
    return work.kind is Kind.JOIN


def check_code(ground: Ground) -> None:
    """Raises UsageError where this is another harness."""
    if ground.code != code():
        raise UsageError(
            f"the harness here ({commit()}) is not the one that was started "
            f"({ground.experiment.harness_commit}): check the same commit out on both, without "
            "changes, and start this machine's worker again"
        )


def comparison_of(work: Work, matrix: Matrix, folder: Path) -> Comparison:
    """The comparison as its machine has it, ready to go on."""
    arms = [parse_arm(words, matrix, NO_DEFAULTS) for words in work.ground.arms]
    cells = built(arms, matrix)
    comparison = prepare(asked_of(work.ground, arms, cells, folder / DATABASE))
    vars(comparison.experiment).update(vars(work.ground.experiment))  # the one row of all its arms
    comparison.mark = mark_of(work.id)
    for setup in comparison.setups:
        setup.fetched = True
        kind = {STRATUM: kind_of(setup.machine)} if work.ground.strata else {}
        setup.machine = setup.machine | {NAMED: work.machine} | kind
    if work.state:
        work.state.into(comparison)
    return comparison


def asked_of(
    ground: Ground, arms: list[ArmRequest], cells: Cells, database: Path
) -> ComparisonRequest:
    """As it was asked for, with the cells and servers of this machine."""
    address = os.environ.get(ADDRESS) if ground.provider == "url" else None
    if ground.provider == "url" and not address:
        raise UsageError(f"--provider url: set {ADDRESS} for this machine's worker")
    keep_secrets_of(address or "")
    return ComparisonRequest(
        ground.command,
        arms,
        cells,
        Server(ground.provider, address, ground.yes_flush, ground.relaxed),
        database,
        ground.experiment.seed,
        ground.blocks,
        ground.scenarios,
        quick=ground.quick,
        factors=ground.factors,
        same=ground.same,
        turns=ground.turns,
        only=ground.only,
        margin=ground.margin,
    )


def built(arms: list[ArmRequest], matrix: Matrix) -> Cells:
    """The arms' cells, made from the locks where they are not there."""
    there = {(f, v, p): exe for f, v, p, exe in json.loads(os.environ.get(CELLS, "[]"))}
    if any(arm.broker == "sqs" for arm in arms):
        install_sqs(matrix)
    for cell in dict.fromkeys(arm.cell for arm in arms):
        key = (cell.framework, cell.version, cell.python)
        if key not in there:
            there[key] = str(cell_python(matrix, cell))
    return there


def main(words: Sequence[str], matrix: Matrix) -> int:
    """Carry out the plan that is read; or finish what the named works, which were killed, left."""
    for name in words:
        settle_work(name)
    return 0 if words else carry_out(sys.stdin.read(), matrix)
