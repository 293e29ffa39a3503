"""Files for speedscope."""

from harness.report.flamegraph import speedscope


def test_speedscope_files_are_sampled_profiles() -> None:
    made = speedscope.document({"a (m.py:3);b (m.py:4)": 5, "a (m.py:3)": 2}, "t", "memray")
    assert made["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert made["shared"]["frames"] == [
        {"name": "a", "file": "m.py", "line": 3},
        {"name": "b", "file": "m.py", "line": 4},
    ]
    (profile,) = made["profiles"]
    assert (profile["type"], profile["unit"]) == ("sampled", "bytes")
    assert profile["samples"] == [[0, 1], [0]]
    assert profile["weights"] == [5, 2]
    assert (profile["startValue"], profile["endValue"]) == (0, 7)
    assert speedscope.frame('process 7:"python -m app"') == {"name": 'process 7:"python -m app"'}
    assert speedscope.frame("<module> (<frozen runpy>)")["file"] == "<frozen runpy>"
