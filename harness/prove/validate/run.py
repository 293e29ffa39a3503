"""``validate``: the harness proves itself, row by row of docs/method.md, section 9.

Every check ends in one number held against a bar, stored in the table ``proof`` and shown on the
report.
"""

import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.table import Table

from harness.cli.console import console
from harness.cli.progress import clock
from harness.experiment.cleanup import guarded
from harness.experiment.row import new_experiment
from harness.prove.validate.analysis import (
    SHAPES,
    mutated_fingerprints,
    random_plans,
    simulated_equals,
)
from harness.prove.validate.equal import PLANTED_BLOCKS, Experiments, planted_two, real_equals
from harness.prove.validate.found import Check, Found
from harness.prove.validate.known import accounting, md1_wait, stalled_queue
from harness.prove.validate.own_costs import clocks, observer
from harness.prove.validate.queues import mm1_p99
from harness.prove.validate.session import Sizes, ValidateSession
from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.queries import sql
from harness.store.rows import Row
from harness.trial.cell import Arm
from infrastructure.errors import BenchError

TURNS = "turns"  # the size of a session that proves comparisons in turns, in pieces
EXPERIMENT_S = 9.0  # a comparison on the stub, some of which run at once
REAL_BLOCK_S, TURNS_BLOCK_S, OBSERVER_S = 15.0, 9.0, 85.0


def validate(database: Path, arms: Sequence[Arm], stub: str, sizes: Sizes, seed: int) -> int:
    """Run all checks, store and show them; 1 when a bar was missed. ``stub``: its version."""
    asked = {"sizes": vars(sizes), "seed": seed}
    experiment = new_experiment("validate", sizes.name, seed, asked)
    with open_database(database) as connection:  # refuse an unusable one before anything starts
        insert_row(connection, "experiment", vars(experiment))
    with tempfile.TemporaryDirectory(prefix="validate-") as folder:
        scratch = Path(folder) / "results.duckdb"
        checks = list(checks_of(ValidateSession(scratch, arms, stub, sizes, seed)))
        with guarded(scratch):
            passed = prove(database, experiment.experiment_id, checks)
    show(database, experiment.experiment_id)
    return 0 if passed else 1


def checks_of(session: ValidateSession) -> Iterator[Check]:
    """The rows of METHOD 9, the short ones first."""
    experiments, sizes = Experiments(session), session.sizes
    injected_s = EXPERIMENT_S * sizes.injected
    yield Check("fingerprint mutations", 0, mutated_fingerprints)
    yield Check("plans", 0, partial(random_plans, session.seed))
    yield Check("clocks", 1, partial(clocks, session))
    yield Check("M/M/1", 1, partial(mm1_p99, session.seed))
    for shape in SHAPES:
        named = f"2,000 simulated A/A experiments, noise {shape}"
        yield Check(named, 8, partial(simulated_equals, session.seed, shape))
    yield Check("stalled queue", 8, partial(stalled_queue, session))
    yield Check("M/D/1", 12, partial(md1_wait, session))
    yield Check("accounting of broken queues", 8, partial(accounting, session))
    yield Check("A/A on the stub", EXPERIMENT_S * sizes.equal, experiments.equals)
    yield Check("+10 % on the stub", injected_s, experiments.injected_ten)
    yield Check("+5 % on the stub: coverage", injected_s, experiments.coverage)
    planted_s = TURNS_BLOCK_S * PLANTED_BLOCKS * sizes.planted
    if sizes.planted:
        yield Check("+2 % on the stub, in turns", planted_s, partial(planted_two, session))
    for arm in session.arms:
        real_s = REAL_BLOCK_S * (sizes.real_blocks + 1)  # and the first, of no verdict
        yield Check(f"A/A, {arm.framework}", real_s, partial(real_equals, session, arm))
    for arm in session.arms:
        yield Check(
            f"observer effect, {arm.framework}", OBSERVER_S, partial(observer, session, arm)
        )


def prove(database: Path, experiment: str, checks: Sequence[Check]) -> bool:
    """Carry all checks out, in order; whether all passed."""
    in_all = clock(sum(check.expected_s for check in checks))
    console.print(f"{len(checks)} checks, about {in_all} on two cores")
    passed = []
    for position, check in enumerate(checks, 1):
        left = clock(sum(c.expected_s for c in checks[position - 1 :]))
        console.print(f"{position}/{len(checks)} {check.what}, about {left} left")
        passed.append(carry_out(database, experiment, position, check))
    return all(passed)


def carry_out(database: Path, experiment: str, position: int, check: Check) -> bool:
    """One check, stored as it ends: what was proved before a Ctrl-C is kept."""
    begin = time.monotonic()
    try:
        found = check.run()
    except (BenchError, RuntimeError) as error:  # a check that broke off proves nothing
        console.print(f"[red]broke off:[/] {error}")
        found = Found(check.what, math.nan, "", 0, at_most=True, sentence=f"broke off: {error}")
    row = proof_row(experiment, position, found, time.monotonic() - begin)
    with open_database(database) as connection:
        insert_row(connection, "proof", row)
    return found.passed


def proof_row(experiment: str, position: int, found: Found, took_s: float) -> Row:
    return {
        "experiment_id": experiment,
        "position": position,
        "name": found.name,
        "found": float(found.value),
        "unit": found.unit,
        "bar": float(found.bar),
        "at_most": found.at_most,
        "passed": found.passed,
        "seconds": took_s,
        "sentence": found.sentence,
    }


def show(database: Path, experiment: str) -> None:
    table = Table("check", "found", "bar", "", "time", box=None, header_style="dim")
    with open_database(database, read_only=True) as connection:
        rows = connection.execute(sql("proofs"), {"experiment": experiment}).fetchall()
    for name, value, unit, bar, at_most, passed, seconds in rows:
        word = "[green]passed[/]" if passed else "[red]missed[/]"
        limit = f"{'≤' if at_most else '≥'} {bar:g}"
        table.add_row(name, f"{value:.4g} {unit}", limit, word, clock(seconds))
    console.print(table)
