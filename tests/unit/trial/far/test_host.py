"""What goes to another machine and comes back from it, without one."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE
from harness.trial.far.end import HELLO, End
from harness.trial.far.host import Card, FarHost
from harness.trial.far.hosts import Tail, cores_of
from harness.trial.far.process import NEVER, FarChild
from harness.trial.far.wire import Message, Tell, packed, unpacked
from infrastructure.errors import TrialFailed
from infrastructure.hosts.host import HERE, Host
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.root import ROOT

CARD = Card("/far/root", "/far/python", 3, "a machine", {"/here/cell": "/far/cell"})


class Played:
    """A wire whose answers a test has; what was asked stands in ``asked``."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {"begin": "/far/trial", **answers}
        self.asked: list[Message] = []
        self.hear: Tell = lambda _: None

    def ask(self, request: Message, timeout_s: float) -> Message:
        del timeout_s
        self.asked.append(request)
        answer = self.answers.get(request["do"])
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Mapping) and "refused" in answer else {"found": answer}

    def news_to(self, hear: Tell) -> None:
        self.hear = hear


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[TrialFolder]:
    made = TrialFolder.create(tmp_path / "spool", "e-001", {})
    yield made
    made.remove()


Begin = Callable[..., tuple[FarHost, Played]]


@pytest.fixture
def begun(folder: TrialFolder) -> Begin:
    def begin(**answers: Any) -> tuple[FarHost, Played]:
        wire = Played(**answers)
        host = FarHost("b", 1, wire, CARD)
        host.begin(folder, "10.0.0.2")
        return host, wire

    return begin


def test_names_of_here_become_those_of_there(begun: Begin, folder: TrialFolder) -> None:
    host, _ = begun()
    text = f"/here/cell -m tasks.worker {folder.path}/spec.json {ROOT}/tasks"
    assert host.told(text) == "/far/cell -m tasks.worker /far/trial/spec.json /far/root/tasks"


def test_a_process_is_started_there_with_its_spec(begun: Begin, folder: TrialFolder) -> None:
    host, wire = begun(start=[0, 41])
    (folder.path / "spec.json").write_text(json.dumps({"records": str(folder.records)}))
    own = {"BENCH_SPEC": str(folder.path / "spec.json")}
    argv = ["/here/cell", "-m", "x"]
    child = host.start(argv, Role.WORKERS, folder, own, "worker-0", piped=False)
    put, start = wire.asked[-2:]
    assert json.loads(unpacked(put["data"])) == {"records": "/far/trial/records"}
    assert start["argv"] == ["/far/cell", "-m", "x"]
    assert start["environment"] == {"BENCH_SPEC": "/far/trial/spec.json"}
    assert child.pid == NEVER + 41  # which no process of this machine has
    assert child.alive()


def test_news_that_come_before_the_answer_are_not_lost(begun: Begin, folder: TrialFolder) -> None:
    host, wire = begun(start=[0, 41])
    wire.hear({"said": 0, "line": '{"ready": true}\n'})
    wire.hear({"ended": 0, "code": 3})
    child = host.start(["x"], Role.PRODUCER, folder, {}, "producer-0", piped=True)
    assert child.process.stdout
    assert child.process.stdout.readline() == '{"ready": true}\n'
    assert child.process.stdout.readline() == ""
    assert not child.alive()
    assert child.process.wait(0.1) == 3
    child.collect()


def test_a_command_takes_its_schedule_along(begun: Begin, folder: TrialFolder) -> None:
    host, wire = begun(start=[0, 41])
    schedule = folder.path / "load-0.schedule"
    schedule.write_bytes(b"calls")
    child = host.start(["x"], Role.PRODUCER, folder, {}, "producer-0", piped=True)
    assert child.process.stdin
    child.process.stdin.write(json.dumps({"phase": "load", "schedule": str(schedule)}) + "\n")
    put, write = wire.asked[-2:]
    assert (put["name"], unpacked(put["data"])) == ("load-0.schedule", b"calls")
    assert "/far/trial/load-0.schedule" in write["text"]
    child.process.stdin.close()
    child.collect()


def test_records_come_back_with_process_ids_of_their_own(begun: Begin, folder: TrialFolder) -> None:
    records = np.zeros(3, RUN_TYPE)
    records["pid"] = [41, 42, 0]  # the last was never written
    files = {"41-0@b.run": packed(records.tobytes()), "settings-41.json": packed(b"{}")}
    host, _ = begun(fetch=files)
    host.bring()
    found = np.fromfile(folder.records / "41-0@b.run", RUN_TYPE)
    assert found["pid"].tolist() == [NEVER + 41, NEVER + 42, 0]
    assert (folder.records / "settings-41-1.json").exists()


def test_tasks_there_are_counted_with_those_here(begun: Begin, folder: TrialFolder) -> None:
    host, wire = begun()
    counts = {"load": 7, "warmup": 0, "ready": 1}
    news = {"completed": counts, "succeeded": counts, "pids": {"ready": [41]}}
    wire.hear({"progress": 8, **news})
    tail = Tail(folder.records, [host])
    assert tail.poll() == 8
    assert tail.completed("load") == tail.succeeded("load") == 7
    assert tail.worker_pids("ready") == {NEVER + 41}


def test_a_host_that_refuses_or_is_lost_says_so(begun: Begin, folder: TrialFolder) -> None:
    host, wire = begun(inside={"refused": "no such trial"})
    with pytest.raises(TrialFailed, match="on b: no such trial"):
        host.inside(1)
    wire.answers["inside"] = TimeoutError()
    with pytest.raises(TrialFailed, match="the host b does not answer any more: no answer within"):
        host.inside(1)
    asked = len(wire.asked)
    with pytest.raises(TrialFailed, match="does not answer any more"):
        host.ask("look")
    assert len(wire.asked) == asked  # nobody waits for it once more
    host.begin(folder, "10.0.0.2")
    wire.answers |= {"start": [0, 41], "stop": ConnectionError("gone"), "log": ConnectionError("x")}
    child = host.start(["x"], Role.WORKERS, folder, {}, "worker-0", piped=False)
    assert isinstance(child, FarChild)
    assert not child.stop()  # and the trial can go on ending
    assert not child.alive()
    assert "is lost" in child.tail()


def test_what_its_processes_said_last_is_kept_when_it_forgets_them(
    begun: Begin, folder: TrialFolder
) -> None:
    host, wire = begun(start=[0, 41], log="the last words", finish=None)
    child = host.start(["x"], Role.WORKERS, folder, {}, "worker-0", piped=False)
    host.finish()
    wire.answers["log"] = {"refused": "no trial here"}
    assert child.tail() == "the last words"


def test_nobody_waits_for_a_process_whose_host_is_lost(begun: Begin, folder: TrialFolder) -> None:
    host, _ = begun(start=[0, 41], write=ConnectionError("gone"))
    child = host.start(["x"], Role.PRODUCER, folder, {}, "producer-0", piped=True)
    assert child.process.stdin
    with pytest.raises(BrokenPipeError, match="gone"):
        child.process.stdin.write("{}\n")
    assert child.process.wait() == -9
    assert "ended by SIGKILL" in child.died()
    assert host.lost
    child.collect()


def test_cores_are_those_of_the_workers_machines(begun: Begin) -> None:
    far, _ = begun()
    own = cores_of([HERE])
    assert cores_of([Host("b", far=far)]) == 3
    assert cores_of([Host("b", far=far), HERE]) == 3 + own
    assert cores_of([HERE, Host("netns:x", "10.0.0.9")]) == own


def test_the_far_end_does_nothing_that_it_does_not_know(tmp_path: Path) -> None:
    card = {"python": "/far/python", "cells": {}}
    end = End(tmp_path / "spool", lambda: card, lambda _: None)

    def answer(**request: Any) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(end.answer(json.dumps({"n": 1, **request})))
        return found

    assert answer(do=HELLO) == {"n": 1, "found": card}
    assert "no trial here" in answer(do="start")["refused"]
    begun = answer(do="begin", trial="e-001", address="127.0.0.1", clients=["127.0.0.1"])
    assert begun["found"] == str(tmp_path / "spool" / "e-001")
    assert "is nothing that is done" in answer(do="finish_all")["refused"]
    assert "is nothing that is done" in answer(do="__init__")["refused"]
    escape = answer(do="put", name="../../x", data=packed(b""))
    assert "is no file of the trial" in escape["refused"]
    words = {"role": "workers", "environment": {}, "name": "worker-0", "piped": False}
    refused = answer(do="start", argv=["/bin/sh", "-c", "true"], **words)["refused"]
    assert refused == "'/bin/sh' is no interpreter of a cell or harness here"
    assert "no broker here" in answer(do="ask_broker", method="stop", words=[])["refused"]
    assert answer(do="finish") == {"n": 1, "found": None}
    assert list(tmp_path.iterdir()) == []
