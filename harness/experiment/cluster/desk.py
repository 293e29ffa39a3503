"""A machine that roles of trials run on: an actor in its Dask worker, which passes messages on."""

import json
import queue
import subprocess
import sys
import threading
import time

from harness.experiment.cluster.seat import ClusterSession, Seat
from harness.trial.far.wire import NUMBER

COMMAND = (sys.executable, "-P", "-m", "harness", "host")  # which nobody types
ANSWER = f'{{"{NUMBER}"'  # what begins otherwise is news


class Desk(Seat):
    """It has the machine's lock, and a process that carries out what it is told. Raises
    MachineTaken.
    """

    def __init__(self, session: ClusterSession) -> None:
        super().__init__(session)
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._at_work = self.spawn(COMMAND, stderr=None)
        threading.Thread(target=self._listen, args=(self._at_work,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line.startswith(ANSWER):
                self._answers.put(line)
            else:
                self.tell(line)
        self._answers.put("")

    def call(self, text: str, timeout_s: float) -> str:
        """The answer to a request. Raises TimeoutError, or ConnectionError where the process has
        ended.
        """
        if self._at_work.stdin is None or self._at_work.poll() is not None:
            raise ConnectionError("its process has ended")
        self._at_work.stdin.write(f"{text}\n")
        self._at_work.stdin.flush()
        number, deadline = json.loads(text)[NUMBER], time.monotonic() + timeout_s
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"no answer within {timeout_s:g} s") from None
            if not answer:
                raise ConnectionError("its process has ended")
            if json.loads(answer)[NUMBER] == number:  # else of one that took too long
                return answer
