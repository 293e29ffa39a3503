"""Printing on terminals that lack a character, and what a child's Python is told."""

import io
import locale
import sys

import pytest

from harness.cli.streams import print_what_can_be, terminal_encoding
from harness.cli.uv import clean_environment
from infrastructure.processes.child import cell_environment
from infrastructure.root import ROOT


@pytest.mark.parametrize(
    ("of_locale", "used"),
    [("ISO-8859-1", "iso8859-1"), ("UTF-8", "utf-8"), ("ANSI_X3.4-1968", "utf-8")],
)
def test_the_encoding_is_the_locales(
    monkeypatch: pytest.MonkeyPatch, of_locale: str, used: str
) -> None:
    monkeypatch.setattr(locale, "getencoding", lambda: of_locale)
    assert terminal_encoding() == used


def test_what_a_terminal_lacks_is_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(locale, "getencoding", lambda: "ISO-8859-1")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="utf-8", errors="strict"))
    print_what_can_be()
    print("µs → é", flush=True)
    assert raw.getvalue() == "µs ? é\n".encode("latin-1")


def test_a_child_reads_utf8_and_nothing_of_the_callers_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PYTHONHOME", "PYTHONWARNINGS", "PYTHONUTF8", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "hostile")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/python/lib")
    for made in (clean_environment(), cell_environment(ROOT, 0)):
        assert "hostile" not in made.values()
        assert made["PYTHONUTF8"] == "1"
        assert made["LD_LIBRARY_PATH"] == "/opt/python/lib"
