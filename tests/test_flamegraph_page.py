"""Made-up stacks with known shares: what is resolved, computed, drawn and refused."""

import argparse
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from harness.cli.matrix import Matrix
from harness.report.flamegraph import speedscope
from harness.report.flamegraph.page import (
    LEAST,
    flamegraph_command,
    group_rows,
    page_name,
    rankings,
    read,
    signed,
)
from harness.report.flamegraph.passes import Finder, rows
from harness.store.database import open_database
from harness.store.queries import sql, sql_files
from harness.trial.frame_groups import GROUPS, group_of, group_shares, stack_group
from harness.trial.profilers.folded import short
from infrastructure.errors import BenchError, UsageError
from tests.conftest import missing
from tests.test_page import NAMES, PHONE, RULES, WIDE, Visit
from tests.test_report import Page, Rows
from tests.typed import typed

MAIN = 'process 7:"/x/python -m app; a";main (app.py:1)'
STACKS = {
    "1.0": {f"{MAIN};log (rich/text.py:5);sub (re/__init__.py:9)": 60,
            f"{MAIN};get (redis/client.py:7)": 30, f"{MAIN};get (redis/client.py:8)": 10},
    "2.0": {f"{MAIN.replace('7', '99', 1)};get (redis/client.py:70)": 15, f"{MAIN}": 5},
}  # fmt: skip
HEAP = {"1.0": {"<module> (<frozen x>);load (a/b.py:1)": 4096},
        "2.0": {"<module> (<frozen x>);load (a/b.py:2)": 1024}}  # fmt: skip
NEWEST = {"alpha": "2.0"}


@dataclass
class Known:
    """A database with two profiled versions, by their trials, and a comparison without profiles."""

    database: Path
    trials: dict[str, str]  # "1.0 py-spy" and the like


def stacks(rows: Rows, trial: str, tool: str, found: dict[str, int]) -> None:
    for frames, value in found.items():
        unit = "samples" if tool == "py-spy" else "bytes"
        rows.insert("stack", trial_id=trial, tool=tool, frames=frames, value=value, unit=unit)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    database = tmp_path_factory.mktemp("flame") / "r.duckdb"
    trials = {}
    with open_database(database) as connection:
        made = Rows(connection)
        for day, version in enumerate(("1.0", "2.0"), 1):
            name = f"e{day}"
            made.experiment(name, day)
            arm = {"framework_version": version}
            trials[f"{version} measure"] = made.trial(name, "alpha", **arm)
            for tool, found in (("py-spy", STACKS), ("memray", HEAP)):
                trial = made.trial(name, "alpha", purpose=tool, **arm)
                stacks(made, trial, tool, found[version])
                trials[f"{version} {tool}"] = trial
        late = {"scenario": "latency", "point": "load 0.5", "purpose": "py-spy"}
        trials["latency"] = made.trial("e2", "beta", **late)
        stacks(made, trials["latency"], "py-spy", {"main (app.py:1)": 3})
        made.experiment("c", 3, command="compare")
        trials["compared"] = made.trial("c", "alpha", framework_version="1.0")
    return Known(database, trials)


@pytest.fixture
def finder(known: Known) -> Iterator[Callable[..., Finder]]:
    with open_database(known.database, read_only=True) as connection:
        yield lambda tool=None: Finder(connection, NEWEST, tool)


def difference(known: Known, base: str, head: str | None, name: str = "difference") -> list[Any]:
    with open_database(known.database, read_only=True) as connection:
        asked = {"tool": "py-spy", "base": known.trials[base],
                 "head": known.trials[head] if head else None}  # fmt: skip
        connection.execute(sql("flamegraph_stacks"), asked)
        return rows(connection, name)


# ── Shares ───────────────────────────────────────────────────────────────────────────────────


def test_shares_sum_to_one_and_differences_to_nothing(known: Known) -> None:
    found = difference(known, "1.0 py-spy", "2.0 py-spy")
    assert sum(s["base_share"] for s in found) == pytest.approx(1)
    assert sum(s["head_share"] for s in found) == pytest.approx(1)
    assert sum(s["gained"] for s in found) == pytest.approx(0)


def test_lines_and_processes_are_put_together(known: Known) -> None:
    found = {s["frames"]: s for s in difference(known, "1.0 py-spy", "2.0 py-spy")}
    assert set(found) == {
        "main (app.py)", "main (app.py);get (redis/client.py)",
        "main (app.py);log (rich/text.py);sub (re/__init__.py)",
    }  # fmt: skip
    get = found["main (app.py);get (redis/client.py)"]
    assert (get["base"], get["head"]) == (40, 15)
    assert get["gained"] == pytest.approx(0.75 - 0.4)


def test_a_single_pass_has_no_other_side(known: Known) -> None:
    found = difference(known, "2.0 py-spy", None)
    assert sum(s["base_share"] for s in found) == pytest.approx(1)
    assert {s["head"] for s in found} == {0}


def test_functions_have_own_and_inclusive_shares(known: Known) -> None:
    found = {f["function"]: f for f in difference(known, "1.0 py-spy", "2.0 py-spy", "functions")}
    main, log = found["main (app.py)"], found["log (rich/text.py)"]
    assert (main["base_self"], main["base_inclusive"]) == (0, 1)
    assert main["head_self"] == pytest.approx(0.25)
    assert (log["base_self"], log["gained_inclusive"]) == (0, pytest.approx(-0.6))
    assert sum(f["gained_self"] for f in found.values()) == pytest.approx(0)


def test_a_function_that_recurs_counts_once(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        stacks(Rows(connection), "t", "py-spy", {"f (a.py:1);g (a.py:2);f (a.py:1)": 5})
        connection.execute(sql("flamegraph_stacks"), {"tool": "py-spy", "base": "t", "head": None})
        found = {f["function"]: f for f in rows(connection, "functions")}
    assert found["f (a.py)"]["base_inclusive"] == 1
    assert found["g (a.py)"]["base_self"] == 0


def test_the_import_machinery_is_left_out_unless_it_is_innermost(tmp_path: Path) -> None:
    load = "_load (<frozen importlib._bootstrap>:1)"
    code = "get_code (<frozen importlib._bootstrap_external>:2)"
    with open_database(tmp_path / "r.duckdb") as connection:
        folded = f"<module> (a.py:1);{load};{load};<module> (b.py:3);{load};{code}"
        stacks(Rows(connection), "t", "memray", {folded: 5})
        asked = {"tool": "memray", "base": "t", "head": None}
        connection.execute(sql("flamegraph_stacks"), asked)
        (found,) = rows(connection, "difference")
    assert found["frames"] == (
        "<module> (a.py);<module> (b.py);get_code (<frozen importlib._bootstrap_external>)"
    )


def test_rankings_name_what_grew_and_what_shrank(known: Known) -> None:
    made = rankings(difference(known, "1.0 py-spy", "2.0 py-spy", "functions"), two=True)
    named = {r.caption: [f["function"] for f in r.functions] for r in made}
    assert named["Grew most by own share"] == ["get (redis/client.py)", "main (app.py)"]
    assert named["Shrank most by own share"] == ["sub (re/__init__.py)"]
    assert named["Shrank most by inclusive share"] == ["log (rich/text.py)", "sub (re/__init__.py)"]
    assert all(abs(f[f"gained_{r.by}"]) >= LEAST for r in made for f in r.functions)


# ── Groups ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("frame", "group"),
    [
        ("Worker._process_task (asynctasq/core/worker.py)", "framework"),
        ("trace_task (celery/app/trace.py)", "framework"),
        ("send_command (redis/asyncio/connection.py)", "client library"),
        ("drain_events (kombu/transport/virtual/base.py)", "client library"),
        ("_make_api_call (aiobotocore/client.py)", "client library"),
        ("ClientSession._request (aiohttp/client.py)", "client library"),
        ("factory (boto3/resources/factory.py)", "client library"),
        ("urlopen (urllib3/connectionpool.py)", "client library"),
        ("Cursor.execute (asyncmy/cursors.py)", "client library"),
        ("loads (kombu/utils/json.py)", "serialization"),
        ("raw_decode (json/decoder.py)", "serialization"),
        ("dumps (pickle.py)", "serialization"),
        ("serialize (asynctasq/serializers/hooks/base.py)", "serialization"),
        ("JSONEncoder.encode (dramatiq/encoder.py)", "serialization"),
        ("DefaultSerializer.dumps (rq/serializers.py)", "serialization"),
        ("JSONSerializer.dumpb (taskiq/serializers/json_serializer.py)", "serialization"),
        ("BlockingChannel.basic_publish (pika/adapters/blocking_connection.py)", "client library"),
        ("RedisStreamBroker.kick (taskiq_redis/redis_broker.py)", "framework"),
        ("Worker._process_job (procrastinate/worker.py)", "framework"),
        ("QueueManager._dispatch (pgqueuer/core/qm.py)", "framework"),
        ("Worker.flush (chancy/worker.py)", "framework"),
        ("Producer._produce (oban/_producer.py)", "framework"),
        ("Worker.run_task (django_tasks_db/management/commands/db_worker.py)", "framework"),
        ("SQLCompiler.execute_sql (django/db/models/sql/compiler.py)", "framework"),
        ("AsyncConnectionPool.getconn (psycopg_pool/pool_async.py)", "client library"),
        ("_handle_event (oban/telemetry/logger.py)", "logging"),
        ("Logger.info (logging/__init__.py)", "logging"),
        ("Text.highlight_regex (rich/text.py)", "logging"),
        ("info (celery/utils/log.py)", "logging"),
        ("Runner.run (asyncio/runners.py)", "event loop"),
        ("EpollSelector.select (selectors.py)", "idle"),
        ("poll (kombu/utils/eventio.py)", "idle"),
        ("Event.wait (threading.py)", "idle"),
        ("Probe.run (tasks/probe.py)", "harness probe"),
        ("tasks (jsonschema/core.py)", None),
        ("richer (enrich/text.py)", None),
        ("select_related (app/models.py)", None),
        ("<module> (<frozen runpy>)", None),
    ],
)
def test_frames_fall_into_groups(frame: str, group: str | None) -> None:
    assert group_of(frame) == group


def test_what_has_no_group_counts_for_its_caller() -> None:
    assert (
        stack_group(["run (asyncio/runners.py)", "emit (rich/l.py)", "sub (re/x.py)"]) == "logging"
    )
    assert stack_group(["<module> (<frozen runpy>)", "main (app.py)"]) == "other"


def test_shares_of_groups_sum_to_one(known: Known) -> None:
    shares = group_shares(difference(known, "1.0 py-spy", "2.0 py-spy"))
    assert tuple(shares) == GROUPS
    assert list(shares["logging"]) == pytest.approx([0.6, 0])
    assert sum(base for base, _ in shares.values()) == pytest.approx(1)
    made = group_rows(difference(known, "1.0 py-spy", "2.0 py-spy"), [100, 20], "py-spy")
    assert {g["name"]: g["amounts"] for g in made}["client library"] == ["40 samples", "15 samples"]
    assert sum(g["gained"] for g in made) == pytest.approx(0)


def test_whole_paths_are_cut_at_the_import_root() -> None:
    cell = "/w/.nox/x/lib/python3.12/site-packages"
    assert short(f"f ({cell}/redis/client.py:3);g (/p/lib/python3.14/json/x.py:1)") == (
        "f (redis/client.py:3);g (json/x.py:1)"
    )
    assert short("main (<frozen runpy>:88);f (/elsewhere/app.py:2)") == (
        "main (<frozen runpy>:88);f (/elsewhere/app.py:2)"
    )


# ── What is meant ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "word",
    ["1.0 py-spy", "1.0 memray", "1.0 measure", "alpha==1.0", "alpha==1.0,python=3.12",
     "alpha==1.0,profile=matched,scenario=throughput"],
)  # fmt: skip
def test_trials_and_arms_mean_their_passes(
    word: str, known: Known, finder: Callable[..., Finder]
) -> None:
    found = finder().one(known.trials.get(word, word))
    assert found.passes == {t: known.trials[f"1.0 {t}"] for t in ("py-spy", "memray")}


def test_a_bare_arm_is_the_newest_version(finder: Callable[..., Finder]) -> None:
    base, head = finder().two("alpha==1.0", "alpha")
    assert (base.label, head.label) == ("alpha 1.0", "alpha 2.0")


def refusal(asked: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as refused:
        asked()
    assert refused.value.exit_code == 2
    return str(refused.value)


def test_a_trial_without_profiles_says_which_have_some(
    known: Known, finder: Callable[..., Finder]
) -> None:
    said = refusal(lambda: finder().one(known.trials["compared"]))
    assert "(measure, alpha 1.0, throughput) has no profile by py-spy or memray" in said
    assert "alpha 1.0, python 3.12.1, broker redis, profile matched, throughput: " in said
    assert f"{known.trials['1.0 py-spy']} (py-spy)" in said
    assert "\nType: nox -s flamegraph -- " in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["alpah"], "did you mean 'alpha=="),
        (["alpha==3.0"], "neither a trial of this database nor an arm with a profile"),
        (["alpha,pyton=3.12"], "unknown setting 'pyton': did you mean 'python'?"),
        (["alpha,profile=tuned"], "neither a trial"),
        (["alpha", "alpha"], "mean the same passes"),
        (["alpha", "beta==1.0"], "under throughput, 'beta==1.0' under latency at load 0.5"),
    ],
)
def test_wrong_words_are_refused(
    words: list[str], said: str, finder: Callable[..., Finder]
) -> None:
    asked = finder().two if len(words) == 2 else finder().one
    assert said in refusal(lambda: asked(*words))


def test_tools_that_looked_at_one_side_only_are_refused(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        made = Rows(connection)
        for name, tool in (("a", "py-spy"), ("b", "memray")):
            made.experiment(name)
            stacks(made, made.trial(name, name, purpose=tool), tool, {"main (m.py:1)": 1})
        finder = Finder(connection, {}, None)
        assert "no tool looked at both" in refusal(lambda: finder.two("a==1.0", "b==1.0"))
        finder = Finder(connection, {}, "memray")
        assert "with a profile by memray" in refusal(lambda: finder.one("a==1.0"))


def test_a_database_without_profiles_says_what_to_type(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb"):
        pass
    with pytest.raises(BenchError, match="without --no-profilers leaves some"):
        read(tmp_path / "r.duckdb", ["alpha"], NEWEST, None)


@pytest.mark.parametrize("words", [[], ["a", "b", "c"]])
def test_one_or_two_words_are_taken(words: list[str]) -> None:
    said = refusal(lambda: typed("flamegraph", words))
    assert f"found {len(words)}: nox -s flamegraph -- " in said
    assert "did you mean 'py-spy'?" in refusal(lambda: typed("flamegraph", ["--tool", "pyspy"]))


# ── Files ────────────────────────────────────────────────────────────────────────────────────


def test_speedscope_files_are_sampled_profiles() -> None:
    made = speedscope.document({"a (m.py:3);b (m.py:4)": 5, "a (m.py:3)": 2}, "t", "memray")
    assert made["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert made["shared"]["frames"] == [
        {"name": "a", "file": "m.py", "line": 3}, {"name": "b", "file": "m.py", "line": 4},
    ]  # fmt: skip
    (profile,) = made["profiles"]
    assert (profile["type"], profile["unit"]) == ("sampled", "bytes")
    assert profile["samples"] == [[0, 1], [0]]
    assert profile["weights"] == [5, 2]
    assert (profile["startValue"], profile["endValue"]) == (0, 7)
    assert speedscope.frame('process 7:"python -m app"') == {"name": 'process 7:"python -m app"'}
    assert speedscope.frame("<module> (<frozen runpy>)")["file"] == "<frozen runpy>"


@pytest.fixture(scope="module")
def out(known: Known) -> Path:
    """The folder with the page of both versions."""
    folder = known.database.parent / "out"
    matrix = Matrix.from_pyproject(
        {"tool": {"bench": {"pythons": [], "quickstart": [], "in_cell": [], "beside_cell": [],
         "frameworks": {"alpha": {"requirement": "", "versions": ["2.0"], "brokers": []}}}}}
    )  # fmt: skip
    options = argparse.Namespace(
        db=known.database, out=folder, tool=None, trials=["alpha==1.0", "alpha"]
    )
    assert flamegraph_command(matrix, options) == 0
    return folder


@pytest.fixture(scope="module")
def page(known: Known, out: Path) -> Path:
    return out / page_name(known.trials["1.0 py-spy"], known.trials["2.0 py-spy"])


def test_the_page_says_shares_with_their_sign(page: Path) -> None:
    found = Page(page.read_text())
    assert found.open == []
    assert "alpha 1.0: 100 samples; alpha 2.0: 20 samples" in found.text
    assert "logging 60.0 % 0.0 % −60.0 60 samples 0 samples" in found.text
    assert "get (redis/client.py) 40.0 % 75.0 % +35.0" in found.text
    assert found.tags["caption"] == found.tags["table"]
    assert [signed(x) for x in (0.123, -0.02, 0.0001)] == ["+12.3", "−2.0", "±0.0"]


def test_the_page_loads_nothing(page: Path) -> None:
    found = Page(page.read_text())
    outside = [a for a in found.addresses if ":" in a or a.startswith("//")]
    assert outside == ["data:,"]
    assert not {"img", "iframe", "object"} & set(found.tags)
    files = {a for a in found.addresses if a.endswith(".json")}
    assert len(files) == 4
    assert all((page.parent / name).exists() for name in files)


def test_speedscope_files_keep_lines(known: Known, out: Path) -> None:
    made = json.loads((out / f"{known.trials['1.0 py-spy']}.speedscope.json").read_text())
    assert {"name": "get", "file": "redis/client.py", "line": 8} in made["shared"]["frames"]
    assert made["profiles"][0]["endValue"] == 100


def test_every_query_says_its_purpose() -> None:
    files = [f for n, f in sql_files().items() if n.startswith("flamegraph_")]
    assert len(files) == 6
    assert all(file.read_text().startswith("-- Purpose: ") for file in files)


# What a person at a keyboard does; what the page shows then is written into the title.
VISIT = """<script>
const graph = document.querySelector(".graph");
const type = (key) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true }));
const said = [graph.querySelectorAll("g").length];
graph.querySelector("[tabindex='0']").focus();
for (const key of ["ArrowDown", "ArrowDown", "Enter"]) type(key);
said.push(document.activeElement.dataset.name, graph.querySelectorAll("g").length);
type("Escape");
said.push(graph.querySelectorAll("g").length);
search.value = "RICH/";
search.dispatchEvent(new Event("input"));
said.push(graph.querySelectorAll("g.hit").length, document.getElementById("found").textContent);
document.title = said.join(" | ");
</script>"""


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("chromium")
    return found or ""


@pytest.mark.integration
def test_a_browser_draws_it_and_keys_zoom(chromium: str, page: Path, tmp_path: Path) -> None:
    visited = tmp_path / "visited.html"
    visited.write_text(page.read_text().replace("</body>", VISIT + "</body>"))
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
         f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=3000", "--dump-dom",
         visited.as_uri()],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr, done.stderr[-2000:]
    assert 'data-drawn="6"' in done.stdout  # base, head and difference of two tools
    title = done.stdout.partition("<title>")[2].partition("</title>")[0]
    assert title == (
        "5 | get (redis/client.py) | 3 | 5 | 1 | "
        "py-spy: 60.0 % → 0.0 %, −60.0 points; memray: 0.0 % → 0.0 %, ±0.0 points"
    )


@pytest.mark.integration
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everybody(chromium: str, page: Path, scheme: Any) -> None:
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for viewport in (WIDE, PHONE):
            how: dict[str, Any] = {"viewport": viewport, "color_scheme": scheme}
            seen = Visit(browser.new_context(**how).new_page(), page.as_uri())
            seen.page.wait_for_selector("[data-drawn='6']", state="attached")
            found = Axe().run(seen.page, options={"runOnly": RULES}).response
            assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
            width = seen.page.evaluate("document.documentElement.scrollWidth")
            assert (width, seen.complaints) == (viewport["width"], [])
        browser.close()
