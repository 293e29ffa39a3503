"""Frames as they are stored."""

from harness.trial.profilers.folded import short


def test_whole_paths_are_cut_at_the_import_root() -> None:
    cell = "/w/.nox/x/lib/python3.12/site-packages"
    assert short(f"f ({cell}/redis/client.py:3);g (/p/lib/python3.14/json/x.py:1)") == (
        "f (redis/client.py:3);g (json/x.py:1)"
    )
    assert short("main (<frozen runpy>:88);f (/elsewhere/app.py:2)") == (
        "main (<frozen runpy>:88);f (/elsewhere/app.py:2)"
    )
