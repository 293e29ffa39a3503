"""What came of a trial: its row of the database, and what its session goes by."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from harness.store.vocabulary import Purpose, Status
from harness.trial.plan import Setup, TrialPlan
from harness.trial.workload import workload_hash

UNFINISHED = "the harness ended before the trial did"


@dataclass(kw_only=True)
class TrialRow:
    """The columns of table ``trial``, in its order; docs/schema.md says what each holds."""

    trial_id: str
    experiment_id: str
    block: int
    position: int
    arm_number: int
    variant: str
    scenario: str
    point: str
    point_number: int
    load_fraction: float | None = None
    capacity: float | None = None
    framework: str
    framework_version: str
    python_version: str
    broker: str
    provider: str
    broker_version: str | None = None
    broker_config_hash: str | None = None
    topology_profile: str
    topology_source: str | None = None
    processes: int | None = None
    concurrency: int | None = None
    prefetch: int | None = None
    acks: str | None = None
    purpose: Purpose
    seed: int
    workload_hash: str
    lock_hash: str
    status: Status
    reason: str | None = None
    remarks: str | None = None
    log_tail: str | None = None
    started_at: str
    duration_s: float | None = None


@dataclass
class Outcome:
    """A trial that was: its row, and its metrics and their units by name."""

    trial: TrialRow
    metrics: dict[str, float] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)  # what happened around it
    units: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        return self.trial.status

    @property
    def reason(self) -> str:
        """Why it is not ok; empty where it is."""
        return self.trial.reason or ""


def planned_row(setup: Setup, plan: TrialPlan) -> TrialRow:
    """The row as it stands if this process dies now."""
    arm, description = setup.arm, setup.description(plan)
    topology = description.topology
    return TrialRow(
        trial_id=plan.trial_id,
        experiment_id=setup.experiment.experiment_id,
        block=plan.block,
        position=plan.position,
        arm_number=setup.number,
        variant=arm.variation,
        scenario=plan.scenario.name,
        point=plan.point.label,
        point_number=plan.point.number,
        load_fraction=plan.point.fraction,
        capacity=plan.point.capacity,
        framework=arm.framework,
        framework_version=arm.version,
        python_version=description.build["python_version"],
        broker=arm.broker.label,
        provider=arm.broker.provider,
        topology_profile=arm.profile,
        topology_source=description.source,
        processes=topology.processes if topology else None,
        concurrency=topology.concurrency if topology else None,
        prefetch=topology.prefetch if topology else None,
        acks=topology.acks if topology else None,
        purpose=plan.purpose,
        seed=plan.seed,
        workload_hash=workload_hash(arm, plan),
        lock_hash=arm.lock_hash,
        status=Status.FAILED,
        reason=UNFINISHED,
        started_at=datetime.now(UTC).isoformat(),
    )
