"""taskiq's own settings: of its command line, of its brokers."""

from taskiq.cli.worker.args import WorkerArgs
from taskiq_aio_pika import AioPikaBroker
from taskiq_redis import RedisStreamBroker

from tasks.settings import Own, parameters, taken

SETTINGS = Own(
    documented="https://taskiq-python.github.io/guide/cli.html",
    places={
        "worker": taken(
            "wait_tasks_timeout", max_tasks_per_child="max_tasks_to_execute",
            no_parse=lambda receiver: not receiver.validate_params,
            no_propagate_errors=lambda receiver: not receiver.propagate_exceptions,
        ),
    },
    on={
        "redis": taken(
            "maxlen", "approximate", "unacknowledged_batch_size", "unacknowledged_lock_timeout",
            "idle_timeout", xread_block="block", xread_count="count",
        ),
        "rabbitmq": taken(qos="_qos"),
    },
    known=parameters(WorkerArgs, RedisStreamBroker, AioPikaBroker),
    decided=frozenset({
        "broker", "modules", "workers", "max_async_tasks", "max_threadpool_threads", "ack_type",
        "log_level", "receiver", "url", "queue_name", "task_queues",
    }),
)  # fmt: skip
