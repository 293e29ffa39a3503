"""Adapters of the user's: what their files say, and which installed packages offer one."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from harness.cli import adapters
from harness.cli.adapters import with_adapters, with_installed
from harness.cli.matrix import Matrix
from infrastructure.errors import UsageError

PIN = 'PIN = {"requirement": "dramatiq[redis]", "versions": ["2.2.1"], "brokers": ["redis"]}\n'


@pytest.mark.parametrize("words", [["--adapter", "{}"], ["celery", "--adapter={}", "--quick"]])
def test_a_file_adds_a_framework(matrix: Matrix, tmp_path: Path, words: list[str]) -> None:
    file = tmp_path / "mine.py"
    file.write_text(f"import nothing_that_is_here\n{PIN}")
    found = with_adapters(matrix, [word.format(file) for word in words]).frameworks
    assert found.keys() - matrix.frameworks.keys() == {"mine"}
    assert (found["mine"].package, found["mine"].adapter) == ("dramatiq", str(file))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("mine", None, "no file"),
        ("mine", "", "has no PIN"),
        ("mine", 'PIN = {"requirement": "x"}', "versions"),
        ("mine", "PIN = made()", "has no PIN that could be read"),
        ("mine", "PIN =", "invalid syntax"),
        ("celery", PIN, "there is a framework celery already"),
        ("dramatiq", PIN, "imported where dramatiq is meant"),
    ],
)
def test_a_file_that_is_none_is_refused(
    matrix: Matrix, tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    file = tmp_path / f"{name}.py"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UsageError, match=said):
        with_adapters(matrix, ["--adapter", str(file)])


def test_an_installed_package_offers_its_adapter(
    matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "offering"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('it is not imported')")
    (package / "bench.py").write_text(PIN)
    monkeypatch.syspath_prepend(tmp_path)
    points = [EntryPoint("mine", "offering.bench", adapters.GROUP)]
    monkeypatch.setattr(adapters, "entry_points", lambda group: points if group else [])
    assert with_installed(["celery"], matrix) == ["celery"]
    words = ["celery", "mine==2.2.1,python=3.13"]
    assert with_installed(words, matrix) == [*words, "--adapter", str(package / "bench.py")]
    points[:] = [EntryPoint("mine", "offering.gone", adapters.GROUP)]
    with pytest.raises(UsageError, match=r"mine names offering\.gone"):
        with_installed(words, matrix)
