"""Settings of a framework's own: applied, read back, part of the arm's name, or refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from harness.cli.matrix import read_matrix
from harness.trial.cell import Arm, describe_all, wanted
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from tests.conftest import TINY, Query
from tests.integration.trials import Trial, sound

NOTHING = wanted("throughput", {})
# Of each framework what it takes, other than it is by default, on a broker that it has there.
OWN: dict[tuple[str, str], dict[str, Any]] = {
    ("celery", "redis"): {"worker_prefetch_multiplier": 8, "task_track_started": True},
    ("arq", "redis"): {
        "queue_read_limit": 50, "max_tries": 3, "retry_jobs": False, "allow_abort_jobs": True,
        "log_results": False, "health_check_interval": 60, "expires_extra_ms": 5_000_000,
        "poll_delay": 0.05, "job_completion_wait": 4, "conn_timeout": 3, "conn_retries": 2,
        "conn_retry_delay": 2, "max_connections": 20, "retry_on_timeout": True,
    },
    ("asynctasq", "redis"): {
        "redis.max_connections": 30, "redis.warmup_connections": 2,
        "redis.delayed_task_interval": 0.5, "task_defaults.retry_delay": 7,
        "task_defaults.retry_strategy": "fixed", "heartbeat_interval": 30.0,
    },
    ("chancy", "postgresql"): {
        "polling_interval": 2, "eager_polling": True, "queue_change_poll_interval": 5,
        "heartbeat_poll_interval": 20, "shutdown_timeout": 20, "backoff_initial": 0.5,
        "max_connection_pool_size": 8, "notifications": True,
    },
    ("django", "postgresql"): {
        "interval": 0.2, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60, "TIME_ZONE": "UTC",
    },
    ("dramatiq", "redis"): {
        "dramatiq_queue_prefetch": 4, "dramatiq_delay_queue_prefetch": 50,
        "dramatiq_worker_timeout": 200, "max_retries": 2, "min_backoff": 100, "max_backoff": 2000,
        "time_limit": 60_000, "max_age": 900_000, "maintenance_chance": 500,
        "heartbeat_timeout": 30_000, "dead_message_ttl": 1_000_000,
    },
    ("dramatiq", "rabbitmq"): {"confirm_delivery": False, "max_priority": 10},
    ("faststream", "redis"): {"polling_interval": 50, "max_records": 5, "graceful_timeout": 9.0},
    ("faststream", "rabbitmq"): {"publisher_confirms": False, "graceful_timeout": 9.0},
    ("huey", "redis"): {
        "delay": 0.05, "backoff": 1.3, "max_delay": 2.0, "scheduler_interval": 2,
        "health_check_interval": 5, "no_periodic": True, "compression": True, "utc": False,
        "read_timeout": 2, "blocking": False,
    },
    ("oban", "postgresql"): {
        "stager.interval": 0.5, "stager.limit": 1000, "lifeline.rescue_after": 60.0,
        "pruner.max_age": 3600, "refresher.interval": 5.0, "shutdown_grace_period": 9.0,
        "pool_max_size": 7,
    },
    ("pgqueuer", "postgresql"): {
        "dequeue_timeout": 5.0, "heartbeat_timeout": 20.0, "shutdown_on_listener_failure": True,
        "on_failure": "hold",
    },
    ("procrastinate", "postgresql"): {
        "fetch_job_polling_interval": 2.0, "abort_job_polling_interval": 3.0,
        "listen_notify": False, "delete_jobs": "always", "shutdown_graceful_timeout": 9.0,
        "update_heartbeat_interval": 5.0, "stalled_worker_timeout": 40.0, "max_size": 8,
    },
    ("repid", "redis"): {
        "block_ms": 500, "retry_attempts": 2, "retry_delay": 0.5, "dlq_maxlen": 100,
        "graceful_shutdown_time": 9.0, "min_idle_ms": 30_000,
    },
    ("rq", "redis"): {
        "worker_ttl": 300, "maintenance_interval": 300, "job_monitoring_interval": 20,
        "dequeue_strategy": "round_robin", "disable_job_desc_logging": True,
        "job_timeout": 90, "ttl": 600, "failure_ttl": 900,
    },
    ("saq", "redis"): {
        "dequeue_timeout": 2.0, "poll_interval": 0.5, "cancellation_hard_deadline_s": 2.0,
        "timers.schedule": 2, "timers.worker_info": 20, "timeout": 30, "retries": 2,
        "retry_delay": 0.5, "retry_backoff": True, "ttl": 60, "heartbeat": 25,
    },
    ("saq", "postgresql"): {"min_size": 2, "max_size": 9},
    ("streaq", "redis"): {
        "prefetch": 3, "sync_concurrency": 2, "idle_timeout": 40.0, "grace_period": 5,
        "max_tries": 2, "timeout": 60, "ttl": 30, "unique": False, "silent": False,
    },
    ("taskiq", "redis"): {
        "maxlen": 100_000, "unacknowledged_batch_size": 50, "xread_block": 500, "xread_count": 4,
        "idle_timeout": 60_000, "no_parse": True, "no_propagate_errors": True,
        "wait_tasks_timeout": 5.0,
    },
    ("taskiq", "rabbitmq"): {"qos": 2},
}  # fmt: skip
# What each test session runs; the others with -m matrix.
USUAL = {("celery", "redis"), ("dramatiq", "redis"), ("arq", "redis"), ("django", "postgresql")}
ON_A_WORKER = [
    pytest.param(*pair, own, id="-".join(pair), marks=() if pair in USUAL else pytest.mark.matrix)
    for pair, own in OWN.items()
]
FRAMEWORKS = sorted(read_matrix().frameworks.keys() - {"raw", "stub"})


@pytest.mark.parametrize(("framework", "broker", "own"), ON_A_WORKER)
def test_a_worker_runs_with_what_was_set(
    on_broker: Callable[..., Arm], trial: Trial, query: Query,
    framework: str, broker: str, own: dict[str, Any],
) -> None:  # fmt: skip
    few = replace(TINY, tasks=200)  # some of these settings make it slow
    outcome = trial(on_broker(framework, broker, set=own), "throughput", size=few)
    sound(outcome)
    assert outcome.trial.variant == " ".join(f"{name}={value}" for name, value in own.items())
    read = query("SELECT DISTINCT name, asked, effective FROM setting")
    told = {name: json.loads(seen) for name, asked, seen in read if asked and name in own}
    assert told == own


def test_a_multiplier_is_what_the_broker_sees_reserved(
    on_broker: Callable[..., Arm],
) -> None:
    own = {"worker_prefetch_multiplier": 8}
    found = describe_all(on_broker("celery", "redis", set=own), [NOTHING])[NOTHING]
    assert found.workers_topology.prefetch == 16


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_takes_its_own_and_names_them(
    make_arm: Callable[..., Arm], framework: str
) -> None:
    """What is taken is held to; of what is not there those are named that are."""
    broker, own = next((b, own) for (name, b), own in OWN.items() if name == framework)
    assert {name for name, _ in OWN} == set(FRAMEWORKS)
    choice = BrokerChoice(broker, "embedded")
    takes = replace(make_arm(framework, set=own), broker=choice)
    taken = describe_all(takes, [NOTHING])[NOTHING]
    assert taken.gap == ""
    assert taken.asked.items() >= own.items()
    name = next(iter(own))
    refuses = replace(takes, options={"set": {f"{name}x": 1}})
    with pytest.raises(UsageError, match=rf"no setting {name}x .* did you mean {name}"):
        describe_all(refuses, [NOTHING])


@pytest.mark.parametrize(
    ("framework", "name", "said"),
    [
        ("celery", "worker_concurrency", "is decided by profile"),
        ("taskiq", "shutdown_timeout", "no running worker of taskiq tells it"),
        ("stub", "anything", "the stub adapter sets nothing"),
    ],
)
def test_what_cannot_be_set_is_refused(
    make_arm: Callable[..., Arm], framework: str, name: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        describe_all(make_arm(framework, set={name: 1}), [NOTHING])
