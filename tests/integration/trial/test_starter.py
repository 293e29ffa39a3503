"""Preparations of a framework."""

import os
import sys

import pytest

from harness.trial.starter import prepare
from infrastructure.errors import TrialFailed
from infrastructure.processes.folder import TrialFolder
from infrastructure.redact import redacted

MIGRATE = """\
import sys
from rich.console import Console
Console().print("migrating mysql://bench:" + 50 * "a1" + "@127.0.0.1:1/bench")
sys.exit(1)
"""


def test_what_a_preparation_says_is_not_folded_before_passwords_are_cut(
    folder: TrialFolder,
) -> None:
    with pytest.raises(TrialFailed, match="migrating") as failed:
        prepare([sys.executable, "-c", MIGRATE], {"PATH": os.environ["PATH"]}, folder)
    assert "a1a1" in str(failed.value)
    assert "a1a1" not in redacted(str(failed.value))
