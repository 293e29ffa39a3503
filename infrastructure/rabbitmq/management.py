"""What a RabbitMQ server of ours says by its plugins, over HTTP."""

import base64
import json
import re
import threading
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

from infrastructure.errors import TrialFailed
from infrastructure.rabbitmq.address import ANSWER_S

MOVED = re.compile(r"^erlang_vm_statistics_bytes_(?:received|output)_total (\d+)$", re.MULTILINE)


class Management:
    """The HTTP interface of a server's plugins; several threads may ask. ``ports``: of the
    management, and of the metrics.
    """

    def __init__(
        self, address: str, ports: tuple[int, int], user: str, password: str, vhost: str
    ) -> None:
        self._address, (self._port, self._metrics_port) = address, ports
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}"}
        self._vhost = quote(vhost, safe="")
        self._counting = threading.Lock()
        self._looked_at, self._cost = 0, 0.0  # bytes of metrics, and those moved for each

    def _ask(self, port: int, path: str, method: str = "GET", also: int = 200) -> bytes:
        """The answer. Raises TrialFailed for any status but 2xx and ``also``."""
        connection = HTTPConnection(self._address, port, timeout=ANSWER_S)
        try:
            connection.request(method, path, headers=self._headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status // 100 != 2 and answer.status != also:
            raise TrialFailed(f"the broker answers {answer.status} to {method} {path}")
        return body

    def version(self) -> str:
        return str(json.loads(self._ask(self._port, "/api/overview"))["rabbitmq_version"])

    def listens(self, port: int) -> bool:
        """Whether this very server, nobody else, takes connections on a port."""
        path = f"/api/health/checks/port-listener/{port}"
        return bool(json.loads(self._ask(self._port, path, also=503))["status"] == "ok")

    def queues(self) -> dict[str, dict[str, Any]]:
        """Every queue of the virtual host by name, its messages counted now."""
        path = f"/api/queues/{self._vhost}?disable_stats=true&enable_queue_totals=true"
        return {queue["name"]: queue for queue in json.loads(self._ask(self._port, path))}

    def close_connections(self) -> None:
        for client in json.loads(self._ask(self._port, "/api/connections")):
            # 404: it went by itself meanwhile.
            path = f"/api/connections/{quote(client['name'], safe='')}"
            self._ask(self._port, path, "DELETE", also=404)

    def metrics(self) -> str:
        text = self._ask(self._metrics_port, "/metrics").decode()
        with self._counting:
            self._looked_at += len(text)
        return text

    def learn_cost(self) -> None:
        """Find out what a look at the metrics moves: three times their size, 0.25 MB, since not
        only the answer passes a port. To be called while nobody else uses the server.
        """
        first, second = self.metrics(), self.metrics()
        self._looked_at, self._cost = 0, ((moved(second) or 0) - (moved(first) or 0)) / len(first)

    def traffic(self) -> int | None:
        """Bytes through the ports of Erlang's virtual machine: its sockets are ports, files not."""
        before = self._looked_at  # this look's own bytes are in the next one's
        found = moved(self.metrics())
        return None if found is None else round(found - before * self._cost)


def moved(metrics: str) -> int | None:
    counts = [int(count) for count in MOVED.findall(metrics)]
    return sum(counts) if counts else None
