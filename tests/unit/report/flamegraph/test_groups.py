"""Which part of the system a frame belongs to."""

import pytest

from harness.report.flamegraph.groups import group_of, stack_group


@pytest.mark.parametrize(
    ("frame", "group"),
    [
        ("Worker._process_task (asynctasq/core/worker.py)", "framework"),
        ("trace_task (celery/app/trace.py)", "framework"),
        ("send_command (redis/asyncio/connection.py)", "client library"),
        ("drain_events (kombu/transport/virtual/base.py)", "client library"),
        ("_make_api_call (aiobotocore/client.py)", "client library"),
        ("ClientSession._request (aiohttp/client.py)", "client library"),
        ("factory (boto3/resources/factory.py)", "client library"),
        ("urlopen (urllib3/connectionpool.py)", "client library"),
        ("Cursor.execute (asyncmy/cursors.py)", "client library"),
        ("loads (kombu/utils/json.py)", "serialization"),
        ("raw_decode (json/decoder.py)", "serialization"),
        ("dumps (pickle.py)", "serialization"),
        ("serialize (asynctasq/serializers/hooks/base.py)", "serialization"),
        ("JSONEncoder.encode (dramatiq/encoder.py)", "serialization"),
        ("DefaultSerializer.dumps (rq/serializers.py)", "serialization"),
        ("JSONSerializer.dumpb (taskiq/serializers/json_serializer.py)", "serialization"),
        ("BlockingChannel.basic_publish (pika/adapters/blocking_connection.py)", "client library"),
        ("RedisStreamBroker.kick (taskiq_redis/redis_broker.py)", "framework"),
        ("Worker._process_job (procrastinate/worker.py)", "framework"),
        ("QueueManager._dispatch (pgqueuer/core/qm.py)", "framework"),
        ("Worker.flush (chancy/worker.py)", "framework"),
        ("Producer._produce (oban/_producer.py)", "framework"),
        ("Worker.run_task (django_tasks_db/management/commands/db_worker.py)", "framework"),
        ("SQLCompiler.execute_sql (django/db/models/sql/compiler.py)", "framework"),
        ("AsyncConnectionPool.getconn (psycopg_pool/pool_async.py)", "client library"),
        ("_handle_event (oban/telemetry/logger.py)", "logging"),
        ("Logger.info (logging/__init__.py)", "logging"),
        ("Text.highlight_regex (rich/text.py)", "logging"),
        ("info (celery/utils/log.py)", "logging"),
        ("Runner.run (asyncio/runners.py)", "event loop"),
        ("EpollSelector.select (selectors.py)", "idle"),
        ("poll (kombu/utils/eventio.py)", "idle"),
        ("Event.wait (threading.py)", "idle"),
        ("Probe.run (tasks/probe.py)", "harness probe"),
        ("tasks (jsonschema/core.py)", None),
        ("richer (enrich/text.py)", None),
        ("select_related (app/models.py)", None),
        ("<module> (<frozen runpy>)", None),
    ],
)
def test_frames_fall_into_groups(frame: str, group: str | None) -> None:
    assert group_of(frame) == group


def test_what_has_no_group_counts_for_its_caller() -> None:
    assert (
        stack_group(["run (asyncio/runners.py)", "emit (rich/l.py)", "sub (re/x.py)"]) == "logging"
    )
    assert stack_group(["<module> (<frozen runpy>)", "main (app.py)"]) == "other"
