"""``publish``: a static site of reports, fit for any web server: no request leaves it, links are
relative, and what a page links to lies beside it.

``index.html`` is the answer of the newest survey, or of the latest figures, and lists the
experiments; ``frameworks/`` has a page per framework, ``trials/ID/`` what stands behind the
figures, ``docs/`` the documents; ``latest/`` is the report of every arm's latest figures,
``experiments/ID/`` one experiment's, ``queries/`` what reports asked, ``history/`` the trends,
``profiles/`` the profilers' files.
"""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from harness.cli.progress import clock, seconds_left
from harness.report.nothing import nothing_measured
from harness.report.page.apart import write_shared
from harness.report.page.build import build
from harness.report.page.profiles import shows
from harness.report.rows.fetch import fetch_as
from harness.report.rows.site import ProfileFiles, SiteExperiment
from harness.report.site.documents import documents, with_results
from harness.report.site.folder import Site
from harness.report.site.pages import navigation, write_pages
from harness.report.tables import make_tables
from harness.store.database import open_database
from harness.store.restore import restored
from infrastructure.errors import BenchError

MARK = ".nojekyll"  # GitHub Pages then serves every file as it is; and the folder is known as ours


def read(database: Path) -> tuple[list[SiteExperiment], list[ProfileFiles]]:
    """Experiments, the newest first, and profiler passes. Raises BenchError where none measured."""
    with open_database(database, read_only=True) as connection:
        make_tables(connection, ["report_wanted", "report_arm", "report_arm_trial"])
        experiments = fetch_as(SiteExperiment, connection, "site_experiments")
        if not experiments:
            raise nothing_measured(connection, database)
        return experiments, fetch_as(ProfileFiles, connection, "site_profiles")


def check_place(out: Path) -> None:
    """Raises BenchError when the folder holds something that no ``publish`` wrote there."""
    kept = [p.name for p in out.iterdir() if not p.name.startswith(".")] if out.exists() else []
    if kept and not (out / MARK).exists():
        raise BenchError(
            f"{out} holds {', '.join(sorted(kept)[:3])} and no site: name an empty folder with "
            f"--out, or, to write among them, make the file {out / MARK}"
        )


def copy_profiles(passes: Sequence[ProfileFiles], base: Path, out: Path) -> None:
    """The pages and drawings of profiler passes that are still beside the database."""
    for row in passes:
        for name in json.loads(row.files):
            source, target = base / name, out / name
            if shows(source) and not is_copied(source, target):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)


def is_copied(source: Path, target: Path) -> bool:
    """``copy2`` keeps the time of a file, and no pass writes one twice."""
    if not target.exists():
        return False
    one, other = source.stat(), target.stat()
    return (one.st_size, one.st_mtime) == (other.st_size, other.st_mtime)


def publish(
    database: Path, out: Path, console: Console, *, source: str = "", whole: bool = True
) -> tuple[int, int]:
    """Write the site; how many reports and how many trends it has. ``source``: what the database
    is, in words. ``whole``: with a report of every experiment and of the latest figures, and
    pictures beside each; else of those that compare arms.
    """
    experiments, passes = read(database)
    check_place(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).touch()
    copy_profiles(passes, database.resolve().parent, out)
    names = [row.experiment_id for row in experiments if whole or len(row.arms) > 1]
    written = with_results(documents(), database)
    site = Site(out.resolve(), navigation(written), source or database.name)
    with console.status("reading") as status:
        write_shared(site.out)
        write_reports(database, site.out, [*[None] * whole, *names], status.update, whole=whole)
        status.update("the other pages")
        trends = write_pages(database, site, experiments, written)
    return len(names) + whole, trends


def publish_results(results: Path, out: Path, console: Console) -> tuple[int, int]:
    """The same of a folder of exports."""
    with restored(results) as made:
        return publish(made, out, console, source=f"{results.name}/", whole=False)


def write_reports(
    database: Path,
    out: Path,
    names: Sequence[str | None],
    say: Callable[[str], None],
    *,
    whole: bool,
) -> None:
    """A report per experiment; None stands for the latest figures of every arm."""
    begun = time.monotonic()
    for done, name in enumerate(names):
        place = f"experiments/{name}" if name else "latest"
        ahead = f"{name or place} ({done + 1} of {len(names)}"
        if done:
            ahead += f", {clock(seconds_left(begun, done, len(names)))} left"
        told = partial(tell, say, f"{ahead})")
        build(
            database,
            out / place,
            told,
            experiment=name,
            base=out,
            pictures=whole,
            root="../" * (1 + place.count("/")),
        )


def tell(say: Callable[[str], None], ahead: str, words: str) -> None:
    say(f"{ahead}: {words}")
