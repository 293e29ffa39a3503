"""A process of a trial is asked to end once, whoever asks."""

import subprocess
import sys
import time
from pathlib import Path

from infrastructure.processes.child import Child
from infrastructure.processes.role import Role

# Ends at the second signal at once, as many workers do, and 0.3 s after the first.
PROGRAM = """
import signal, sys, time
heard = []
signal.signal(signal.SIGTERM, lambda *_: heard.append(1))
print("ready", flush=True)
while not heard:
    time.sleep(0.01)
time.sleep(0.3)
print(len(heard), flush=True)
"""


def test_a_process_is_asked_to_end_once(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    child, heard = Child(Role.WORKERS, process, tmp_path / "log"), process.stdout
    child.ask_to_end()
    time.sleep(0.1)
    child.ask_to_end()
    assert process.wait(5) == 0
    assert heard.read() == "1\n"
    assert child.stop()
