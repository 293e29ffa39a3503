"""What comes back is stored once, whole, and only if it is this experiment's."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.experiment.cluster.land import land
from harness.experiment.cluster.parcel import Delivery, forget, place
from harness.experiment.cluster.plan import State, Work, new_id
from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison
from infrastructure.errors import BenchError, StoreError
from infrastructure.processes.folder import spool_of
from tests.conftest import Query
from tests.unit.experiment.cluster.made import Machine, ground

Make = Callable[..., Machine]


@pytest.fixture
def delivery(comparison: Comparison, machine: Make) -> Delivery:
    block, state = Block(1, (0, 1)), State.of(comparison)
    work = Work(new_id(comparison.id, "block-1"), "a", ground(comparison), state, block)
    found: Delivery = machine().reply(work).delivery
    return found


def test_a_block_is_stored_whole_and_once(
    comparison: Comparison, delivery: Delivery, query: Query
) -> None:
    assert land(comparison.database, delivery, comparison.id, broken=False) == 2
    assert land(comparison.database, delivery, comparison.id, broken=False) == 0
    assert land(comparison.database, delivery, comparison.id, broken=True) == 0
    assert query("SELECT count(*), min(purpose) FROM trial") == [(2, "measure")]
    assert list(spool_of(comparison.database).iterdir()) == []
    assert (place() / delivery.id).is_dir()
    forget(delivery.id)
    forget(delivery.id)
    assert not (place() / delivery.id).exists()


def test_a_block_with_a_broken_file_leaves_nothing_of_it(
    comparison: Comparison, delivery: Delivery, query: Query
) -> None:
    last = list(delivery.trials)[-1]
    trials = {**delivery.trials, last: {**delivery.trials[last], "metric.parquet": b"no"}}
    with pytest.raises(StoreError):
        land(comparison.database, replace(delivery, trials=trials), comparison.id, broken=False)
    assert query("SELECT count(*) FROM trial") == [(0,)]


@pytest.mark.parametrize("name", ["../passwd", "other-0001", ""])
def test_what_is_no_trial_of_the_experiment_is_refused(
    comparison: Comparison, delivery: Delivery, name: str
) -> None:
    files = next(iter(delivery.trials.values()))
    strange = [
        replace(delivery, trials={name: files}),
        replace(delivery, trials={k: {**v, "../x": b""} for k, v in delivery.trials.items()}),
    ]
    for each in strange:
        with pytest.raises(BenchError, match="no trial of"):
            land(comparison.database, each, comparison.id, broken=False)
