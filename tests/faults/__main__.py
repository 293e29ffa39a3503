"""``python -m tests.faults``: play the rounds and print the table; 1 where any is not clean."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import cell_of
from tests.faults.blows import BLOWS, CLOCK
from tests.faults.round import WRONG, Found, play
from tests.rounds import campaign, exit_code, numbers


def main() -> int:
    parser = campaign("nox -s tests -- faults", __doc__, rounds=10, seed=17)
    parser.add_argument("--jobs", type=int, default=2, help="rounds at a time")
    parser.add_argument("--fault", choices=list(BLOWS), default="", help="this one only")
    options = parser.parse_args()
    if options.fault == CLOCK and options.jobs > 1:
        parser.error("the clock is the whole machine's: add --jobs 1, where nobody else measures")
    rounds: list[Found] = []
    begun = time.monotonic()
    cell = str(cell_of("raw"))
    with ThreadPoolExecutor(options.jobs) as pool:
        played = pool.map(lambda n: play(options.seed, n, cell, options.fault), numbers(options))
        for number, found in zip(numbers(options), played, strict=True):
            rounds.append(found)
            say(number, found)
    print("\n".join(table(rounds)))
    if options.fault != CLOCK:
        print(
            f'{CLOCK}: not tried, it is the whole machine\'s: --fault "{CLOCK}" --jobs 1, as root'
        )
    print(f"seed {options.seed}, {time.monotonic() - begun:.0f} s")
    return exit_code(rounds)


def say(number: int, found: Found) -> None:
    """A line a round, and what was said where something is missing."""
    what = "clean" if found.clean else "NOT CLEAN"
    where = "hit" if found.hit else f"missed: {missed(found)}"
    when = f"{found.after_s:.2f} s into " + (f"trial {found.trial}" if found.trial else "the start")
    print(f"round {number}: {found.target} {when}, {where}, {what}", flush=True)
    if not found.clean or not found.began:
        print("\n".join(f"    {line}" for line in found.said), flush=True)


def missed(found: Found) -> str:
    return "it was over by then" if found.began else "the session never began"


def table(rounds: Sequence[Found]) -> list[str]:
    """A row a fault and one of all, of counts over its rounds."""
    head = f"{'fault':<18}{'rounds':>8}{'hit':>8}" + "".join(f"{name:>11}" for name in WRONG)
    names = [name for name in BLOWS if any(found.target == name for found in rounds)]
    rows = [line(name, [found for found in rounds if found.target == name]) for name in names]
    return [head, *rows, line("all", rounds)]


def line(name: str, rounds: Sequence[Found]) -> str:
    counts = sum((found.wrong for found in rounds), Counter[str]())
    hit = sum(found.hit for found in rounds)
    cells = "".join(f"{counts[column]:>11}" for column in WRONG)
    return f"{name:<18}{len(rounds):>8}{hit:>8}{cells}"


if __name__ == "__main__":
    sys.exit(main())
