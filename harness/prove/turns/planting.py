"""Computing that is planted in Celery: so many lines at the beginning of what a worker does for a
task.
"""

import os
import shutil
import statistics
import subprocess
from pathlib import Path

from infrastructure.errors import BenchError

# The first line of what a worker does for a task: what is planted comes before it.
AT = "    _loc = _localized if not _loc else _loc\n"
TRACE = "celery/app/trace.py"
ROUNDS = "    for _ in range({rounds}): pass\n"
# Prints the CPU seconds of a round of that loop: the median of nine.
TIMED = """\
import time
def rounds(n):
    for _ in range(n): pass
def seconds():
    begin = time.process_time()
    rounds(2_000_000)
    return time.process_time() - begin
print(sorted(seconds() for _ in range(9))[4] / 2e6)
"""


def plant(file: Path, lines: str) -> None:
    """Put the lines there. Raises BenchError where the file is another than this module knows."""
    text = file.read_text()
    if text.count(AT) != 1:
        raise BenchError(f"{file} is not what was expected: it has {text.count(AT)} of {AT!r}")
    file.write_text(text.replace(AT, lines + AT))


def round_s(python: str) -> float:
    """CPU seconds that a round of the empty loop takes this interpreter, where all cores compute,
    as in a drain: alone it takes less.
    """
    cores = os.sched_getaffinity(0)
    timing = [
        subprocess.Popen([python, "-c", TIMED], stdout=subprocess.PIPE, text=True) for _ in cores
    ]
    return statistics.fmean(float(process.communicate()[0]) for process in timing)


def planted_cell(python: str, rounds: int, folder: Path) -> str:
    """A copy of Celery's cell whose tasks take so many rounds more; its interpreter."""
    copy = folder / "celery"
    shutil.copytree(Path(python).parent.parent, copy, symlinks=True)
    [file] = copy.glob(f"lib/python*/site-packages/{TRACE}")
    plant(file, ROUNDS.format(rounds=rounds))
    interpreter = str(copy / "bin" / "python")
    subprocess.run([interpreter, "-m", "py_compile", str(file)], check=True)
    return interpreter
