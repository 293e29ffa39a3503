"""``python -m tests.cluster --rounds 20``: play the rounds; 1 where any is not clean."""

import random
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from harness.store.database import open_database
from infrastructure.counted import counted
from infrastructure.errors import BenchError
from tests.cluster.site import Host, Site, site_of
from tests.rounds import Struck, campaign, exit_code, numbers

BLOCKS = 4
TARGETS = ("worker", "whole machine", "work", "scheduler", "driver")
BLOW_S = 14.0  # within this of the session's start; undisturbed it takes about 18 s
BACK_S = 1.0
TRIES = 4
AGAIN = 3  # times that a blow which came too late is struck earlier
BLOCKS_STORED = """
SELECT block, count(*), count(DISTINCT arm_number) FROM trial
WHERE purpose = 'measure' GROUP BY block ORDER BY block
"""
HOSTS = (Host("one"), Host("two"))
# Lost: trials that machines had and the database has not; twice: blocks that are there more than
# once; missing: those that are not there.
WRONG = ("lost", "twice", "missing", "orphans", "left over")


@dataclass
class Found(Struck):
    resumed: int = 0


def main() -> int:
    options = campaign("python -m tests.cluster", __doc__, rounds=20, seed=23).parse_args()
    rounds = []
    for number in numbers(options):
        found = play_until_hit(options.seed, number)
        rounds.append(found)
        print(
            f"round {number}: {found.target} {found.after_s:.1f} s into the session, "
            f"{'hit' if found.hit else 'missed'}, gone on with "
            f"{counted(found.resumed, 'time')}, "
            + ", ".join(f"{name} {found.wrong[name]}" for name in WRONG),
            flush=True,
        )
        if not found.clean:
            print("\n".join(f"    {line}" for line in found.said), flush=True)
    bad = sum(not found.clean for found in rounds)
    print(f"{len(rounds)} rounds, {sum(f.hit for f in rounds)} hit, {bad} not clean")
    return exit_code(rounds)


def play_until_hit(seed: int, number: int) -> Found:
    """A blow that comes after the session's end is struck again, at half of its time: how long a
    session takes depends on the machine.
    """
    found = play(seed, number)
    for n in range(1, AGAIN + 1):
        if found.hit or not found.clean:
            break
        found = play(seed, number, 2**n)
    return found


def play(seed: int, number: int, earlier: int = 1) -> Found:
    rng = random.Random(f"{seed}-{number}")
    found = Found(TARGETS[number % len(TARGETS)], rng.uniform(2, BLOW_S) / earlier)
    with tempfile.TemporaryDirectory(prefix="bench-cluster-") as name:
        folder, seen = Path(name), set[str]()
        database = folder / "results.duckdb"
        with site_of(folder, HOSTS) as site:
            session(site, database, found, seen, rng)
            fetch_the_rest(site, database)
        left = site.left()
        found.wrong.update({"orphans": len(left), "left over": len(site.kept())})
        found.said += [f"orphan: {process}" for process in left]
        found.said += [f"left: {each}" for each in site.kept()]
        for process in left:
            process.kill()
        count(database, found, seen)
        if not found.clean:
            found.said += site.said("driver").splitlines()[-30:]
    return found


def session(site: Site, database: Path, found: Found, seen: set[str], rng: random.Random) -> None:
    """Run it, strike once, start again what was struck, and go on until it is finished."""
    site.start_driver(database, BLOCKS)
    begun = time.monotonic()
    back: list[tuple[float, Host]] = []
    for _ in range(TRIES):
        while site.processes["driver"].poll() is None:
            look(site, seen)
            if not found.hit and time.monotonic() - begun > found.after_s:
                found.hit = strike(site, found, rng, back)
            for when, host in [each for each in back if time.monotonic() > each[0]]:
                back.remove((when, host))
                site.start_worker(host)
            time.sleep(0.02)
        look(site, seen)
        if "finished" in site.said("driver"):
            return
        found.resumed += 1
        bring_back(site)
        site.start_driver(database, BLOCKS, *filter(None, [site.experiment()]))


def strike(site: Site, found: Found, rng: random.Random, back: list[tuple[float, Host]]) -> bool:
    host = rng.choice(HOSTS)
    if found.target in {"driver", "scheduler"}:
        return site.kill(found.target)
    if found.target == "work":
        return kill_work(site, host)
    if found.target == "whole machine":
        for process in [psutil.Process(site.processes[host.name].pid), *below(site, host)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    hit = site.kill(host.name) or found.target == "whole machine"
    back.append((time.monotonic() + BACK_S, host))
    return hit


def below(site: Site, host: Host) -> list[psutil.Process]:
    """All processes of a machine, its guards too."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(site.processes[host.name].pid).children(recursive=True)
    return []


def kill_work(site: Site, host: Host) -> bool:
    """The process that carries a block out."""
    for process in below(site, host):
        with suppress(psutil.NoSuchProcess):
            if process.cmdline()[-1:] == ["machine"]:
                process.kill()
                return True
    return False


def bring_back(site: Site) -> None:
    """What is gone: a scheduler, and the machines that ended with it."""
    if site.processes["scheduler"].poll() is not None:
        site.start_scheduler()
        for host in HOSTS:
            site.ended(host.name, 60)
    for host in HOSTS:
        if site.processes[host.name].poll() is not None:
            site.start_worker(host)


def fetch_the_rest(site: Site, database: Path) -> None:
    """What machines that came back later still have, as the next session fetches it."""
    bring_back(site)
    if site.kept():
        time.sleep(2)
        site.start_driver(database, BLOCKS, site.experiment())
        site.ended()


def look(site: Site, seen: set[str]) -> None:
    """Trials that machines have begun."""
    for host in HOSTS:
        pattern = "blocks/*/results.duckdb.spool/*/trial.json"
        seen |= {path.parent.name for path in site.place(host).glob(pattern)}


def count(database: Path, found: Found, seen: set[str]) -> None:
    try:
        with open_database(database, read_only=True) as connection:
            rows = connection.execute("SELECT trial_id FROM trial").fetchall()
            blocks = connection.execute(BLOCKS_STORED).fetchall()
    except BenchError as error:
        found.wrong["missing"] += BLOCKS
        found.said.append(str(error))
        return
    gone = seen - {trial for (trial,) in rows}
    found.wrong["lost"] += len(gone)
    found.said += [f"no row: {trial}" for trial in sorted(gone)]
    found.wrong["twice"] += sum(trials > 2 for _, trials, _ in blocks)
    found.wrong["missing"] += BLOCKS - sum(arms == 2 for _, _, arms in blocks)


if __name__ == "__main__":
    sys.exit(main())
