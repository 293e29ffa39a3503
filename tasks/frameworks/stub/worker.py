"""The stub's worker: one task at a time, as the options say."""

import signal
import sys
import time
import traceback
from typing import Any

from tasks.frameworks.stub.client import Client
from tasks.frameworks.stub.virtual import VirtualServer
from tasks.probe import Probe, Settings
from tasks.records import FAILED, OK, PHASE_SHIFT, PHASES
from tasks.spec import Spec

ALWAYS: Settings = {"pool": "solo", "concurrency": 1, "acks": "late", "framework_version": "1.0"}
LOAD, HELD = PHASES.index("load"), PHASES.index("held")


def read_back() -> Settings:
    return dict(ALWAYS)


class Worker:
    """Take, execute, confirm; a failed task is confirmed too (there are no retries)."""

    def __init__(self, spec: Spec) -> None:
        self.probe, self.url = self.make_probe(spec), spec.broker_url
        self.client = Client(self.url)
        self._virtual = VirtualServer(self.probe, spec.options) if is_virtual(spec) else None
        self._service = spec.options.get("service_us", 0) / 1e6
        self._loops = int(spec.options.get("loops", 0))
        self._fail_every = spec.options.get("fail_every", 0)
        self._deaf_at = spec.options.get("deaf_at", 0)
        self._crash_at = spec.options.get("crash_at", 0)
        self._crowd = spec.options.get("crowd_us", 0) / 1e9  # s for each task that waits

    def make_probe(self, spec: Spec) -> Probe:
        return Probe(spec, read_back)

    def execute(self, seq: int, kind: str, arg: Any) -> None:
        """One task, as the options say."""
        if not is_load(seq) and not (self._crowd and seq >> PHASE_SHIFT == HELD):
            self.probe.run(seq, kind, arg)
        elif self._virtual:
            self._virtual.execute(seq, kind, intended=arg)
        elif self._fail_every and number_of(seq) % self._fail_every == 0:
            at = time.monotonic_ns()
            self.probe.record(seq, at, time.monotonic_ns(), kind, FAILED)
        elif self._crowd:
            self._execute_in_a_crowd(seq, kind)
        elif self._service or self._loops:
            start = time.monotonic_ns()
            compute(self._loops)
            time.sleep(self._service)
            self.probe.record(seq, start, time.monotonic_ns(), kind, OK)
        else:
            self.probe.run(seq, kind, arg)

    def _execute_in_a_crowd(self, seq: int, kind: str) -> None:
        start = time.monotonic_ns()
        time.sleep(self._service + self._crowd * self.client.ask("depth")["pending"])
        self.probe.record(seq, start, time.monotonic_ns(), kind, OK)

    def try_to_execute(self, seq: int, kind: str, arg: Any) -> None:
        """One task; what it raises goes into the log."""
        try:
            self.execute(seq, kind, arg)
        except Exception:  # noqa: BLE001  whatever a body raises
            traceback.print_exc()

    def turn(self) -> None:
        """One task from the broker."""
        seq, kind, arg = self.client.ask("get")
        self.try_to_execute(seq, kind, arg)
        self.client.ask("ack")
        if is_load(seq) and number_of(seq) == self._crash_at:
            sys.exit("deadlock found")
        while is_load(seq) and number_of(seq) == self._deaf_at:
            signal.pause()

    def run(self) -> None:
        """Until SIGTERM."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            self.turn()


def compute(rounds: int) -> None:
    for _ in range(rounds):
        pass


def is_load(seq: int) -> bool:
    return seq >> PHASE_SHIFT == LOAD


def number_of(seq: int) -> int:
    """Of a task within its phase, from 1."""
    return (seq & ((1 << PHASE_SHIFT) - 1)) + 1


def is_virtual(spec: Spec) -> bool:
    return spec.options.get("clock") == "virtual"
