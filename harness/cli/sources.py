"""Packages from elsewhere than a lock: ``celery@path:../celery``, ``kombu@git:../kombu#main``,
``celery@git+https://HOST/celery#main``, ``celery@wheel:dist/x.whl``, ``kombu==5.4.0``.

Standard library only: nox reads them to know which cells to build.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cli.trees import commit_of, file_digest, remote_commit, state_of
from infrastructure.errors import UsageError

HOW = "NAME@path:FOLDER, NAME@git:REF, NAME@git:FOLDER#REF, NAME@git+URL#REF, NAME@wheel:FILE"
PLACED = re.compile(r"@(path|git|wheel):([^,#]*)(#[^,]*)?")
# Options that name a place.
FILES = (
    "--adapter",
    "--workload",
    "--scenario-file",
    "--folder",
    "--tls-ca-file",
    "--tls-cert",
    "--tls-key",
)
SHORT = 10  # digits of a commit in a name
SHORT_DIGEST = 8


@dataclass(frozen=True)
class Source:
    """Where a package comes from. ``kind``: path, git, wheel or version. ``place``: a folder, a
    repository (a folder or an address), a file, a version.

    ``commit`` and ``digest`` are those of what was there when it was ``settled``: the digest of a
    wheel, or of what differs from the commit in a tree, empty where nothing does.
    """

    package: str
    kind: str
    place: str
    ref: str = ""
    commit: str = ""
    digest: str = ""

    def settled(self) -> "Source":
        """With what is there now. Raises UsageError where nothing is."""
        if self.kind == "path":
            state = state_of(Path(self.place))
            return replace(self, commit=state.commit, digest=state.digest)
        if self.kind == "git":
            local = Path(self.place).is_dir()
            commit = (commit_of if local else remote_commit)(self.place, self.ref or "HEAD")
            return replace(self, commit=commit)
        if self.kind == "wheel":
            return replace(self, digest=file_digest(Path(self.place)))
        return self

    @property
    def name(self) -> str:
        """``main@1a2b3c4d5e``, ``path@1a2b3c4d5e+dirty.9f8e7d6c``, ``5.8.0+wheel.9f8e7d6c``."""
        digest = self.digest[:SHORT_DIGEST]
        if self.kind == "version":
            return self.place
        if self.kind == "wheel":
            version = Path(self.place).stem.partition("-")[2].partition("-")[0]
            return f"{version}+wheel.{digest}" if digest else f"wheel:{Path(self.place).name}"
        ref = (self.ref or "HEAD") if self.kind == "git" else "path"
        if not (self.commit or self.digest):
            return f"{ref}:{self.place}"  # not settled yet
        if self.ref and self.ref == self.commit:
            return self.commit[:SHORT]
        dirt = f"dirty.{digest}" if self.commit else f"tree.{digest}"
        return f"{ref}@" + "+".join(filter(None, [self.commit[:SHORT], dirt if digest else ""]))

    @property
    def exactly(self) -> str:
        """What it was, in full."""
        if self.kind == "version":
            return f"{self.package}=={self.place}"
        dirt = f"{'dirty' if self.commit else self.kind} {self.digest}" if self.digest else ""
        return " ".join(filter(None, [self.package, self.commit, dirt]))


def parse_source(text: str) -> Source:
    """``NAME@…`` or ``NAME==VERSION``. Raises UsageError."""
    package, _, where = text.partition("@")
    if not where and "==" in text:
        package, _, version = text.partition("==")
        return Source(package, "version", version)
    kind, _, place = where.partition(":")
    if kind in {"path", "wheel"} and place:
        return Source(package, kind, place)
    place, _, ref = (place if kind == "git" else where.removeprefix("git+")).partition("#")
    if not place or ref.startswith("-") or not (kind == "git" or where.startswith("git+")):
        raise UsageError(f"{text!r} names no package and its source: {HOW}, or NAME==VERSION")
    return Source(package, "git", place.removeprefix("file://"), ref)


def normal(name: str) -> str:
    """A distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_source(text: str) -> bool:
    """Whether an arm's name says where its code comes from; ``celery@threads`` does not."""
    return "@git+" in text or PLACED.search(text) is not None


def anchored(words: Sequence[str], folder: Path) -> list[str]:
    """The words with every file and folder in full, as seen from where somebody stands."""
    found: list[str] = []
    for word in words:
        option, given, value = word.partition("=")
        if found and found[-1] in FILES:
            found.append(str(folder / word))
        elif option in FILES and given:
            found.append(f"{option}={folder / value}")
        else:
            found.append(PLACED.sub(lambda match: in_full(match, folder), word))
    return found


def in_full(match: re.Match[str], folder: Path) -> str:
    """A git source without ``#`` is a folder if there is one of that name, and else a ref of the
    repository that somebody stands in.
    """
    kind, place, ref = match[1], match[2], match[3] or ""
    if kind == "git" and not ref and not (place and (folder / place).is_dir()):
        return f"@git:{folder}#{place}"
    return f"@{kind}:{(folder / place).resolve()}{ref}"
