"""Releases of a package, as PyPI lists them. Standard library only: nox reads them to know which
cells to build.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from infrastructure.errors import BenchError, UsageError

INDEX = "https://pypi.org/pypi/{package}/json"
TIMEOUT_S = 30
FINAL = re.compile(r"\d+(\.\d+)*(\.post\d+)?")  # PEP 440 without alphas, candidates and the like


class Release(NamedTuple):
    """A version, and the day of its first file (YYYY-MM-DD)."""

    version: str
    day: str


def released(package: str) -> list[Release]:
    """All of its releases, from PyPI, oldest version first. Raises BenchError."""
    url = INDEX.format(package=package)
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310  https, above
            return releases_in(json.load(answer))
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        raise BenchError(f"no list of the releases of {package} from {url}: {error}") from None


def releases_in(document: Mapping[str, Any]) -> list[Release]:
    """Of PyPI's answer: no pre-releases, and none whose files are all gone or yanked."""
    found = []
    for version, files in document["releases"].items():
        days = [file["upload_time_iso_8601"][:10] for file in files if not file["yanked"]]
        if days and FINAL.fullmatch(version):
            found.append(Release(version, min(days)))
    return sorted(found, key=lambda release: numbers(release.version))


def numbers(version: str) -> tuple[tuple[int, ...], int]:
    """By which versions are ordered: 1.10 after 1.9, 1.9.post1 after 1.9, 1.9 and 1.9.0 alike."""
    release, _, post = version.partition(".post")
    parts = [int(part) for part in release.split(".")]
    while len(parts) > 1 and not parts[-1]:
        del parts[-1]
    return tuple(parts), int(post or -1)


def since(every: Sequence[Release], day: str, fixed: str) -> list[Release]:
    """Those of that day and later, and the fixed one. Raises UsageError where there is no such
    version, or nothing beside it.
    """
    if fixed not in [release.version for release in every]:
        newest = ", ".join(release.version for release in every[-5:])
        raise UsageError(f"--against {fixed}: PyPI has no such release; the newest are {newest}")
    found = [each for each in every if each.day >= day or each.version == fixed]
    if len(found) < 2:
        raise UsageError(
            f"--since {day}: no release beside {fixed} since then; name an earlier day"
        )
    return found
