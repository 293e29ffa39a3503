"""A database of every scenario at all its loads on many arms: frameworks by brokers."""

from collections.abc import Sequence
from itertools import product

from harness.scenario.catalogue import load_scenarios
from tests.made.databases import fill_scenario
from tests.made.rows import Rows

# What follows a trial, with what arms differ in.
OF_TRIAL = {
    "metric": "value * $factor AS value",
    "environment": "value AS value",
    "task_record": "end_ns + ($factor * 1_000_000)::BIGINT AS end_ns",
    "depth_sample": "pending + hash(trial_id, at_ns, $factor) % 100 AS pending",
    "resource_sample": (
        "cpu_s + hash(trial_id, at_ns, $factor) % 100 / 1e3 AS cpu_s, "
        "pss_bytes + hash(trial_id, at_ns, $factor) % 100 * 100_000 AS pss_bytes"
    ),
}


def fill_matrix(rows: Rows, frameworks: Sequence[str], brokers: Sequence[str]) -> None:
    """An experiment an arm, with samples over time as a bench leaves them. The first is written
    row by row, the others are copies of it that differ as two frameworks do.
    """
    (framework, broker), *others = product(frameworks, brokers)
    rows.experiment(f"{framework}-{broker}")
    arm = {"framework": framework, "broker": broker}
    for scenario in load_scenarios().values():
        fill_scenario(rows, scenario, f"{framework}-{broker}", arm)
    for number, (other, at) in enumerate(others, 1):
        copy_arm(rows, f"{framework}-{broker}", other, at, 1 + number / 7)


def copy_arm(rows: Rows, model: str, framework: str, broker: str, factor: float) -> None:
    """The trials of the experiment ``model`` as another arm's, ``factor`` times as much of all."""
    name = f"{framework}-{broker}"
    rows.experiment(name)
    rows.connection.execute(
        "INSERT INTO trial SELECT * REPLACE (replace(trial_id, $model, $name) AS trial_id, "
        "$name AS experiment_id, $framework AS framework, $broker AS broker) "
        "FROM trial WHERE experiment_id = $model",
        {"model": model, "name": name, "framework": framework, "broker": broker},
    )
    for table, changed in OF_TRIAL.items():
        known = {"model": model, "name": name, "factor": factor}
        asked = {each: value for each, value in known.items() if f"${each}" in changed}
        rows.connection.execute(
            f"INSERT INTO {table} SELECT * REPLACE (replace(trial_id, $model, $name) AS trial_id, "
            f"{changed}) FROM {table} WHERE trial_id LIKE $model || '-%'",
            asked | {"model": model, "name": name},
        )
