"""CPU and memory over process trees: the checks that METHOD asks for."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from harness.measure.sampler import Sampler, look
from infrastructure.service import Depth

BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
MEGABYTE = 1 << 20
# A child that burns, and a parent that waits for it.
FORKS = f"""
import os, sys
if os.fork() == 0:
    exec({BURN!r})
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)
sys.stdin.read()
os.wait()
"""


@contextmanager
def session(code: str) -> Iterator["subprocess.Popen[str]"]:
    """A process in a session of its own that says when it is ready and ends with its input."""
    argv = [sys.executable, "-c", code]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin
        process.stdin.close()


def test_children_that_exited_are_counted() -> None:
    code = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {BURN!r}])
print("ready", flush=True)
sys.stdin.read()
"""
    with session(code) as process:
        seen = look({"workers": [process.pid]}, memory=False)["workers"]
    assert seen.processes == 1
    assert 0.25 <= seen.cpu_s < 3.0


def test_forked_children_belong_to_the_role() -> None:
    with session(FORKS) as process:
        seen = look({"workers": [process.pid]}, memory=False)["workers"]
    assert seen.processes == 2
    assert seen.cpu_s >= 0.25  # ticks of 10 ms


def test_children_with_sessions_of_their_own_belong_to_the_role() -> None:
    """As those of PostgreSQL's server do; their children do not."""
    with session(FORKS.replace("exec(", "os.setsid(); exec(", 1)) as process:
        seen = look({"workers": [process.pid]}, memory=True)["workers"]
    assert seen.processes == 2
    assert seen.cpu_s >= 0.25
    assert seen.pss_bytes


def test_shared_pages_are_counted_once() -> None:
    """Four forks sharing 100 MB are about 100 MB in PSS and about 500 MB in RSS."""
    code = """
import os, sys
shared = bytearray(os.urandom(1)) * (100 << 20)
children = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        sum(shared[::4096])
        sys.stdin.read()
        os._exit(0)
    children.append(pid)
import time
time.sleep(0.5)
print("ready", flush=True)
sys.stdin.read()
for pid in children: os.waitpid(pid, 0)
"""
    with session(code) as process:
        seen = look({"workers": [process.pid]}, memory=True)["workers"]
    assert seen.processes == 5
    assert seen.pss_bytes is not None
    assert seen.rss_bytes is not None
    assert 100 * MEGABYTE <= seen.pss_bytes <= 160 * MEGABYTE
    assert seen.rss_bytes >= 480 * MEGABYTE


def test_cpu_is_finer_than_a_tick() -> None:
    """One tick of 10 ms in a short idle look would be a quarter of a second over a long load."""
    with session("print('ready', flush=True)\nimport sys\nsys.stdin.read()") as process:
        looks = [look({"workers": [process.pid]}, memory=False)["workers"].cpu_s for _ in range(5)]
    assert max(looks) - min(looks) < 0.005
    assert looks[0] != round(looks[0], 2)


def test_what_a_killed_session_took_stays_its_roles() -> None:
    code = f"exec({BURN!r})\nprint('ready', flush=True)\nimport sys\nsys.stdin.read()"
    sampler = Sampler(lambda: Depth(0, 0, 0))
    with session(code) as process:
        sampler.watch("workers", process.pid)
        before = sampler.look()["workers"]
        process.kill()
        process.wait()
        after = sampler.look()["workers"]
    assert (before.processes, after.processes) == (1, 0)
    assert after.cpu_s >= before.cpu_s >= 0.25


def test_clocks_of_two_processes_are_one() -> None:
    """A child's stamp lies between two of ours: CLOCK_MONOTONIC is one clock on this host."""
    echo = (
        "import sys, time\nfor _ in sys.stdin:\n"
        " sys.stdout.write(f'{time.monotonic_ns()}\\n'); sys.stdout.flush()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", echo],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as child:
        assert child.stdin
        assert child.stdout
        for _ in range(5000):
            before = time.monotonic_ns()
            child.stdin.write("x\n")
            stamp = int(child.stdout.readline())
            assert before <= stamp <= time.monotonic_ns()
        child.stdin.close()
