"""Storing a trial: its rows are spooled in its folder, then put into the database at once."""

from dataclasses import asdict

from harness.measure.accounting import account
from harness.measure.metrics import accounting_metrics
from harness.measure.records import Records
from harness.store.ingest import ingest, spool_trial
from harness.store.rows import Row, Tables
from harness.store.vocabulary import Status
from harness.trial import rows
from harness.trial.outcome import TrialRow
from harness.trial.records import recorded_tables
from harness.trial.trial import Trial
from infrastructure.errors import DatabaseBusy
from infrastructure.redact import redacted


def store(trial: Trial) -> None:
    """Spool the rows, ingest them in one transaction, remove the folder; or have it fetched."""
    phases = Records.phases(trial.folder.records)
    load = phases["load"]
    if trial.row.status == Status.FAILED and len(load.sends):
        trial.metrics += accounting_metrics(account(load))  # what a failure cost
    redact(trial.row)
    known = {"trial": asdict(trial.row), "experiment": asdict(trial.setup.experiment)}
    spool_trial(trial.folder.path, known, tables_of(trial, phases))
    if trial.setup.fetched:
        trial.folder.release()
        return
    try:
        ingest(trial.setup.database, trial.folder.path)
    except DatabaseBusy:
        trial.folder.release()  # the end of the session, or the next start, stores it
    else:
        trial.folder.remove()


def redact(row: TrialRow) -> None:
    """Cut passwords from what programs said."""
    row.reason, row.remarks, row.log_tail = (
        redacted(said) if said else None for said in (row.reason, row.remarks, row.log_tail)
    )


def tables_of(trial: Trial, phases: dict[str, Records]) -> Tables:
    """The rows beside the trial's own, by table."""
    trial_id, sampler = trial.plan.trial_id, trial.sampler
    return {
        **recorded_tables(trial_id, trial.folder.path, phases),
        "resource_sample": rows.usage_rows(trial_id, sampler.usages if sampler else []),
        "depth_sample": rows.depth_rows(trial_id, sampler.depths if sampler else []),
        "metric": rows.metric_rows(trial_id, trial.metrics),
        "setting": rows.setting_rows(trial_id, trial.asked, trial.readings),
        "profile": trial.passes.profiles,
        "stack": trial.passes.stacks,
        "allocation": trial.passes.allocations,
        "environment": rows.environment_rows(trial_id, trial.environment),
        "package": package_rows(trial),
    }


def package_rows(trial: Trial) -> list[Row]:
    key = {
        "experiment_id": trial.row.experiment_id,
        "framework": trial.row.framework,
        "framework_version": trial.row.framework_version,
        "python_version": trial.row.python_version,
    }
    found = sorted(trial.description.packages.items())
    return [{**key, "name": name, "version": version} for name, version in found]
