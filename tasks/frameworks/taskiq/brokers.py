"""taskiq's brokers: streams and lists of Redis, RabbitMQ; where tasks stand at each."""

from typing import Any

from taskiq import SmartRetryMiddleware, TaskiqScheduler
from taskiq.schedule_sources import LabelScheduleSource
from taskiq.serializers import JSONSerializer, MSGPackSerializer, PickleSerializer
from taskiq_aio_pika import AioPikaBroker, Queue, QueueType
from taskiq_redis import (
    ListQueueBroker,
    ListRedisScheduleSource,
    RedisAsyncResultBackend,
    RedisStreamBroker,
)

from tasks import live
from tasks.frameworks.taskiq.own import SETTINGS
from tasks.frameworks.taskiq.topology import lists, reads_of
from tasks.profiles import queues_of, serializer_of
from tasks.spec import BROKER_URL, Spec
from tasks.work import NotYet

USUAL, DELAYED = "taskiq", "taskiq.delay"
IDLE_S = 600  # after that an entry counts as abandoned, by default
LOCK_S = 5  # of the look for such: without it a worker that is killed there locks it for ever
SERIALIZERS = {"json": JSONSerializer, "msgpack": MSGPackSerializer, "pickle": PickleSerializer}


def serializer_class(spec: Spec) -> Any:
    return SERIALIZERS[serializer_of(spec, "json")]


def url_of(spec: Spec) -> str:
    """One that can be read where an arm is only described: there is no broker yet."""
    return "redis://127.0.0.1" if spec.broker_url == BROKER_URL else spec.broker_url


def make_source(spec: Spec) -> Any:
    """Where Redis keeps what is delayed, until the scheduler sends it."""
    return ListRedisScheduleSource(url_of(spec)) if spec.broker == "redis" else None


def make_broker(spec: Spec, source: Any) -> Any:
    """Of one event loop. Connects when it is started."""
    if spec.broker == "rabbitmq":
        made = of_rabbitmq(spec)
    elif lists(spec):
        made = ListQueueBroker(url_of(spec))
    else:
        made = of_streams(spec)
    if "results" in spec.wants:
        kept_s = spec.wants["results"]
        made = made.with_result_backend(
            RedisAsyncResultBackend(url_of(spec), result_ex_time=kept_s)
        )
    if "retry_s" in spec.wants:
        made.add_middlewares(
            SmartRetryMiddleware(
                default_delay=spec.wants["retry_s"],
                use_delay_exponent=True,
                schedule_source=source,
                types_of_exceptions=[NotYet],
            )
        )
    return made.with_serializer(serializer_class(spec)())


def of_rabbitmq(spec: Spec) -> Any:
    kind = QueueType.CLASSIC if spec.profile == "matched" else QueueType.QUORUM
    return AioPikaBroker(
        spec.broker_url,
        qos=reads_of(spec),
        task_queues=[Queue(name=queue, type=kind) for queue in queues_of(spec, USUAL)],
        dead_letter_queue=Queue(name="taskiq.dead_letter", type=kind),
        delay_queue=Queue(name=DELAYED, type=kind),
    )


def of_streams(spec: Spec) -> Any:
    """Read from their beginning: by default what was sent before the first worker came is lost."""
    first, *more = queues_of(spec, USUAL)
    return RedisStreamBroker(
        url_of(spec),
        queue_name=first,
        additional_streams=dict.fromkeys(more, ">"),
        consumer_id="0",
        **{
            "xread_count": reads_of(spec),
            "idle_timeout": 1000 * spec.wants.get("redeliver_s", IDLE_S),
            "unacknowledged_lock_timeout": None if spec.profile == "default" else LOCK_S,
            **SETTINGS.of(spec, "broker"),
        },
    )


def make_scheduler(broker: Any, source: Any) -> TaskiqScheduler:
    """Of what is delayed, where it can be, and of what tasks themselves are labelled with."""
    sources = [source] if source else []
    return TaskiqScheduler(broker, [*sources, LabelScheduleSource(broker)])


def depth_of(spec: Spec) -> dict[str, list[str]]:
    """Where tasks stand at the broker."""
    queues = queues_of(spec, USUAL)
    if spec.broker == "rabbitmq":
        return {"pending": queues, "in_flight": queues, "delayed": [DELAYED]}
    delayed = ["lists:schedule:time:*"]
    if lists(spec):
        return {"pending": [f"list:{q}" for q in queues], "in_flight": [], "delayed": delayed}
    waiting, held = [f"lag:{q}/taskiq" for q in queues], [f"pel:{q}/taskiq" for q in queues]
    return {"pending": waiting, "in_flight": held, "delayed": delayed}


def keys_of(spec: Spec) -> list[str]:
    """What taskiq makes at a broker."""
    queues = queues_of(spec, USUAL)
    if spec.broker == "rabbitmq":
        return [*queues, DELAYED, "taskiq.dead_letter", "exchange:taskiq"]
    return [*queues, "autoclaim:*", "schedule:*"]


def address_of(broker: Any, spec: Spec) -> str:
    """Where a live broker is connected to, as the spec has it if it is the same place."""
    if spec.broker == "redis":
        return live.redis_address(broker, spec.broker_url)
    found = broker.read_conn.url
    place = f"{found.host}:{found.port}{found.path}"
    return spec.broker_url if spec.broker_url.endswith(f"@{place}") else f"amqp://{place}"
