"""Which part of the system a frame belongs to: one table of rules, the first that fits decides."""

import re
from collections.abc import Sequence

IDLE, PROBE, SERIALIZATION, LOGGING = "idle", "harness probe", "serialization", "logging"
CLIENT, LOOP, FRAMEWORK, OTHER = "client library", "event loop", "framework", "other"
GROUPS = (FRAMEWORK, CLIENT, SERIALIZATION, LOGGING, LOOP, IDLE, PROBE, OTHER)  # as on the page

# Patterns of ``function (path/of/module.py)``. Waits first, whatever module they stand in; parts of
# a framework that serialize or log before the framework itself.
RULES: tuple[tuple[str, str], ...] = (
    (IDLE, r"^(?:[^ (]*\.)?(?:select|_?poll|epoll|sleep|wait|b[lr]pop|blmove) \("),
    (IDLE, r"^_wait_for_tstate_lock \("),
    (PROBE, r"\((?:tasks|harness)/"),
    (SERIALIZATION, r"\((?:msgspec|msgpack|orjson|json|_?pickle|base64)[/.]"),
    (SERIALIZATION, r"\((?:asynctasq/serializers|kombu/(?:serialization|utils/json))"),
    (SERIALIZATION, r"\((?:dramatiq/encoder|huey/serializer|rq/serializers|taskiq/seriali[sz])"),
    (LOGGING, r"\((?:logging|rich|loguru|structlog)[/.]"),
    (LOGGING, r"\((?:asynctasq|celery|dramatiq|oban)/.*\blog(?:ging|ger|s)?\b"),
    (CLIENT, r"\((?:redis|valkey|hiredis|kombu|amqp|vine|pamqp|aio_pika|aiormq|async_timeout)[/.]"),
    (CLIENT, r"\((?:pika|coredis|asyncpg|psycopg|psycopg_pool|aiomysql|asyncmy|pymysql)[/.]"),
    (CLIENT, r"\((?:aioboto3|aiobotocore|boto3|botocore|aiohttp|urllib3)[/.]"),
    (LOOP, r"\((?:asyncio|uvloop|selectors|concurrent/futures)[/.]"),
    (FRAMEWORK, r"\((?:asynctasq|celery|billiard|dramatiq|taskiq|arq|rq|huey|procrastinate)[/.]"),
    (FRAMEWORK, r"\(taskiq_(?:redis|aio_pika|dependencies)[/.]"),
    (FRAMEWORK, r"\((?:saq|streaq|repid|faststream|fast_depends)[/.]"),
    (FRAMEWORK, r"\((?:chancy|django|django_tasks_db|oban|pgqueuer)[/.]"),
)
COMPILED = [(group, re.compile(pattern)) for group, pattern in RULES]


def group_of(frame: str) -> str | None:
    """The group of ``function (module)``; None where no rule fits."""
    return next((group for group, rule in COMPILED if rule.search(frame)), None)


def stack_group(frames: Sequence[str]) -> str:
    """The group that a stack's own share counts for: that of its innermost frame with one.

    What has no group of its own (``re``, ``threading``) thus counts for what called it.
    """
    return next((group for frame in reversed(frames) if (group := group_of(frame))), OTHER)
