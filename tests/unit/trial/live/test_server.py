"""The port that scrapes are answered on."""

import urllib.error
import urllib.parse
import urllib.request

import psutil
import pytest

from harness.trial.live.server import serving
from infrastructure.servers import free_port


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def test_the_server_listens_on_loopback_and_ends_with_the_session() -> None:
    port = free_port()
    with serving(port):
        ours = [c for c in psutil.Process().net_connections() if c.status == "LISTEN"]
        assert [c.laddr.ip for c in ours if c.laddr.port == port] == ["127.0.0.1"]
        assert "# TYPE bench_time" not in (text := get(f"http://127.0.0.1:{port}/metrics"))
        assert "# TYPE bench_pss_bytes gauge" in text
        assert "process_cpu_seconds_total" in text
    with pytest.raises(urllib.error.URLError):
        get(f"http://127.0.0.1:{port}/metrics")


@pytest.mark.parametrize(("error", "told"), [(BrokenPipeError, False), (ValueError, True)])
def test_only_a_client_that_gives_up_is_kept_from_the_terminal(
    error: type[Exception],
    told: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(port := free_port()) as live:

        def fail() -> bytes:
            raise error

        monkeypatch.setattr(live, "text", fail)
        with pytest.raises(ConnectionError):  # the server closes when it has said what it says
            get(f"http://127.0.0.1:{port}/metrics")
    assert (error.__name__ in capsys.readouterr().err) == told
