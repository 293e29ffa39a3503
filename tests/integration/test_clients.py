"""A cell that lacks its broker's client is refused before anything is planned."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.trial.cell import Arm, describe_all, wanted
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import CellBroken
from tests.integration.trials import EVERY_PAIR

CLIENTS = {
    "redis": ["redis", "coredis"],
    "postgresql": ["psycopg", "asyncpg"],
    "mysql": ["pymysql", "aiomysql", "asyncmy"],
    "rabbitmq": ["aio_pika", "amqp", "pika"],
    "sqs": ["boto3", "aioboto3", "aiobotocore"],
}
# The project's adapter, in a cell that has lost some modules.
WITHOUT = """
import sys
from importlib import import_module

class Lost:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {lost}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

sys.meta_path.insert(0, Lost())
found = vars(import_module("tasks.frameworks.{framework}"))
globals().update({{name: value for name, value in found.items() if name[:2] != "__"}})
"""


@pytest.mark.parametrize(("framework", "broker"), EVERY_PAIR)
def test_a_cell_without_its_brokers_client_is_refused(
    make_arm: Callable[..., Arm], tmp_path: Path, framework: str, broker: str
) -> None:
    adapter = tmp_path / f"lost_{framework}.py"
    adapter.write_text(WITHOUT.format(lost=CLIENTS[broker], framework=framework))
    arm = replace(
        make_arm(framework), broker=BrokerChoice(broker, "embedded"), adapter=str(adapter)
    )
    with pytest.raises(CellBroken) as refused:
        describe_all(arm, [wanted("throughput", {})])
    said = str(refused.value)
    assert arm.label in said
    assert any(name in said for name in [*CLIENTS[broker], "redis", "psycopg"])


def test_what_is_missing_is_named_with_what_to_type(
    make_arm: Callable[..., Arm], tmp_path: Path
) -> None:
    adapter = tmp_path / "lost_stub.py"
    adapter.write_text(WITHOUT.format(lost=["shelve"], framework="stub") + "import shelve\n")
    with pytest.raises(CellBroken) as refused:
        describe_all(replace(make_arm(), adapter=str(adapter)), [wanted("throughput", {})])
    said = str(refused.value)
    assert "cannot import the framework with its broker's client: No module named 'shelve'" in said
    assert "nox -s lock -- stub-1.0" in said
    assert "Traceback" not in said


def test_a_cell_without_an_interpreter_is_refused(make_arm: Callable[..., Arm]) -> None:
    with pytest.raises(CellBroken, match="cannot be started"):
        describe_all(replace(make_arm(), executable="/none/bin/python"), [])
