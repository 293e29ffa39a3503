"""The port of live metrics, as an option."""

import pytest

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from infrastructure.errors import UsageError


@pytest.mark.parametrize("word", ["0", "65536", "-1", "http"])
def test_what_is_no_port_is_refused(word: str, matrix: Matrix) -> None:
    for command in ("bench", "compare", "regress", "soak"):
        parser = COMMANDS[command].parser(matrix)
        with pytest.raises(UsageError, match="expected a port from 1 to 65535"):
            parser.parse(["--metrics-port", word])
        assert parser.parse(["--metrics-port", "9876"]).metrics_port == 9876
        assert parser.parse([]).metrics_port is None
