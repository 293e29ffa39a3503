"""Arms as a person types them: ``asynctasq==1.6.0,python=3.13``, ``celery@threads``,
``celery@path:../celery``, ``celery,set=worker_prefetch_multiplier=8``, ``celery,take=threads=10``.

Standard library only: the noxfile parses with it to know which cells to build.
"""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cli.matrix import Cell, Framework, Matrix, suggest
from harness.cli.sources import Source, is_source, normal, parse_source
from harness.cli.words import PROFILES, TAKES, VARIANTS
from harness.cli.workload import read_workload
from infrastructure.errors import UsageError

FACTORS = ("framework", "version", "variant", "settings", "take", "python", "broker", "profile")
WITHIN = {"version", "variant", "settings", "take"}  # factors of one framework
SETTINGS = ("python", "broker", "profile", "variant", "with", "set", "take")


@dataclass(frozen=True)
class ArmRequest:
    """One arm. ``version``: with what is replaced, in words; ``pinned``: the version alone.
    ``sources``: of packages that do not come from its lock. ``settings``: the framework's own.
    ``take``: of the workers, where a scenario names nothing else.
    """

    framework: str
    version: str
    variant: str
    python: str
    broker: str
    profile: str
    pinned: str = ""
    sources: tuple[Source, ...] = ()
    settings: tuple[str, ...] = ()  # as KEY=VALUE
    take: tuple[str, ...] = ()  # as NAME=NUMBER
    adapter: str = ""  # a file of the user's
    requires: tuple[str, ...] = ()  # packages of a workload

    @property
    def cell(self) -> Cell:
        if not (self.sources or self.requires):
            return Cell(self.framework, self.version, self.python)
        own = (self.pinned, self.sources, self.requires)
        return Cell(self.framework, self.version, self.python, *own)

    @property
    def words(self) -> str:
        """A pinned arm as it is typed with everything said."""
        name = f"{self.framework}=={self.pinned}" + (f"@{self.variant}" if self.variant else "")
        rest = [f"{each}={getattr(self, each)}" for each in ("python", "broker", "profile")]
        rest += [f"set={setting}" for setting in self.settings]
        return ",".join([name, *rest, *(f"take={each}" for each in self.take)])

    def settled(self, matrix: Matrix) -> "ArmRequest":
        """With what is in its trees and repositories now. Raises UsageError."""
        if not self.sources:
            return self
        sources = tuple(source.settled() for source in self.sources)
        own = matrix.frameworks[self.framework].package
        return replace(self, sources=sources, version=version_of(self.pinned, sources, own))

    @property
    def variation(self) -> str:
        """What tells it from other arms of its framework's version, in words, as rows have it."""
        return " ".join(filter(None, [self.variant, *self.settings, *self.take]))

    def label(self, shown: Sequence[str]) -> str:
        """Its name among arms that differ in the ``shown`` factors."""
        name = f"{self.framework} {self.version}" + (f"@{self.variant}" if self.variant else "")
        name = " ".join([name, *self.settings, *self.take])
        rest = [f"{f} {getattr(self, f)}" for f in ("python", "broker", "profile") if f in shown]
        return ", ".join([name, *rest])


@dataclass(frozen=True)
class Defaults:
    """What an arm takes where it says nothing itself."""

    python: str
    broker: str | None
    profile: str
    beside: Sequence[str] = ()  # packages from elsewhere
    settings: Sequence[str] = ()
    requires: tuple[str, ...] = ()  # of every cell


def parse_arm(text: str, matrix: Matrix, defaults: Defaults) -> ArmRequest:
    """Read one arm. Raises UsageError with the valid words and a suggestion."""
    head, *settings = text.split(",")
    name = re.split("@|==", head, maxsplit=1)[0]
    pinned = matrix.frameworks.get(name)
    if pinned is None and "/" in name:
        raise UsageError(
            f"arm {text!r} is a path; say what lies there: FRAMEWORK@path:{name}, FRAMEWORK one of "
            + ", ".join(matrix.frameworks)
        )
    if pinned is None:
        raise UsageError(
            f"arm {text!r}: unknown framework {name!r}: " + suggest(name, list(matrix.frameworks))
        )
    given = settings_of(text, settings)
    version, variant, own = code_of(text, head, pinned)
    beside = [parse_source(word) for word in (*defaults.beside, *given.get("with", ()))]
    sources = tuple({normal(source.package): source for source in (*beside, *own)}.values())
    kinds = ["", *VARIANTS.get(name, ())]
    usual = defaults.broker or pinned.brokers[0]
    return ArmRequest(
        name,
        version_of(version, sources, pinned.package),
        check_word(text, "variant", last(given, "variant", variant), kinds),
        check_word(text, "python", last(given, "python", defaults.python), matrix.pythons),
        check_word(text, "broker", last(given, "broker", usual), pinned.brokers),
        check_word(text, "profile", last(given, "profile", defaults.profile), PROFILES),
        version,
        sources,
        tuple(assigned(text, word) for word in (*defaults.settings, *given.get("set", ()))),
        tuple(taken(text, word) for word in given.get("take", ())),
        pinned.adapter,
        defaults.requires,
    )


def code_of(text: str, head: str, pinned: Framework) -> tuple[str, str, list[Source]]:
    """Version, variant, and where the framework comes from if that is no pin. Raises UsageError."""
    if is_source(head):
        if not pinned.package:
            raise UsageError(f"arm {text!r}: {pinned.name} is part of this project, and no package")
        own = parse_source(head)
        return pinned.versions[0], "", [replace(own, package=pinned.package)]
    named, _, variant = head.partition("@")
    version = named.partition("==")[2]
    if version and version not in pinned.versions:
        raise UsageError(
            f"arm {text!r}: {pinned.name} {version} is not pinned: "
            f"{suggest(version, list(pinned.versions))}; to add one, write it into "
            f"[tool.bench.frameworks.{pinned.name}] of pyproject.toml and run: "
            f"nox -s lock -- {pinned.name}-{version}"
        )
    return version or pinned.versions[0], variant, []


def version_of(pinned: str, sources: Sequence[Source], own: str) -> str:
    """``main@1a2b3c4d5e with kombu path@5d4c3b2a10``."""
    names = {source.package: source.name for source in sources}
    version = names.pop(own, pinned)
    beside = " and ".join(f"{package} {name}" for package, name in names.items())
    return f"{version} with {beside}" if beside else version


def assigned(text: str, word: str) -> str:
    """A framework's own setting as KEY=VALUE. Raises UsageError."""
    key, given, _ = word.partition("=")
    if not key or not given:
        raise UsageError(f"arm {text!r}: expected a setting as KEY=VALUE, found {word!r}")
    return word


def taken(text: str, word: str) -> str:
    """What an arm takes of its workers as NAME=NUMBER. Raises UsageError."""
    name, _, number = word.partition("=")
    check_word(text, "take", name, TAKES)
    if not number.isdecimal() or int(number) < 1:
        raise UsageError(f"arm {text!r}: expected take={name}=NUMBER, found {word!r}")
    return word


def last(given: Mapping[str, Sequence[str]], name: str, otherwise: str) -> str:
    return [otherwise, *given.get(name, ())][-1]


def settings_of(text: str, settings: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """``python=3.13`` and the like after the arm's name, by name."""
    given: dict[str, list[str]] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        given.setdefault(check_word(text, "setting", name, SETTINGS), []).append(value)
    return given


def check_word(text: str, what: str, word: str, valid: Sequence[str]) -> str:
    if word not in valid:
        raise UsageError(f"arm {text!r}: unknown {what} {word!r}: {suggest(word, list(valid))}")
    return word


def differing(arms: Sequence[ArmRequest]) -> list[str]:
    """The factors in which the arms differ; a framework's own only count within one framework."""
    found = [f for f in FACTORS if len({getattr(arm, f) for arm in arms}) > 1]
    return [f for f in found if f not in WITHIN or "framework" not in found]


def check_arms(arms: Sequence[ArmRequest], declared: Sequence[str], *, aa: bool) -> list[str]:
    """The factor of the experiment. Raises UsageError on too few, equal or confounded arms."""
    if len(arms) < 2:
        raise UsageError(f"a comparison takes two arms at least, found {len(arms)}")
    if len(set(arms)) < len(arms) and not aa:
        raise UsageError(
            f"two arms are the same ({arms[0].label(FACTORS)}): "
            "say --aa to compare an arm with itself"
        )
    factors = differing(arms)
    if undeclared := [f for f in factors if f not in declared] if len(factors) > 1 else []:
        raise UsageError(
            f"the arms differ in {' and '.join(factors)}, so a difference could come from any "
            f"of them; make them equal, or declare it: "
            + " ".join(f"--factor {f}" for f in undeclared)
        )
    return factors or ["none"]


def requested(options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
    """The arms that the options name, in order, the baseline first. Raises UsageError."""
    brokers = list(dict.fromkeys(b for f in matrix.frameworks.values() for b in f.brokers))
    if options.broker is not None:
        check_word("--broker", "broker", options.broker, brokers)
    for factor in getattr(options, "factor", []):
        check_word("--factor", "factor", factor, FACTORS)
    python = options.python or matrix.pythons[0]
    workload = getattr(options, "workload", None)
    defaults = Defaults(
        python,
        options.broker,
        options.profile,
        options.beside,
        options.set,
        read_workload(Path(workload)).requires if workload else (),
    )
    texts = options.arms if hasattr(options, "arms") else series_of(options, matrix)
    return [parse_arm(text, matrix, defaults) for text in texts]


def soaked(options: argparse.Namespace, matrix: Matrix) -> ArmRequest:
    """The one arm of a soak; the first framework where none is named. Raises UsageError."""
    python = options.python or matrix.pythons[0]
    defaults = Defaults(python, options.broker, options.profile, options.beside, options.set)
    return parse_arm(options.arm or matrix.quickstart[0], matrix, defaults)


def series_of(options: argparse.Namespace, matrix: Matrix) -> list[str]:
    """Versions of one framework, oldest first; or two commits of it."""
    if options.between:
        place = (options.framework or "").partition("#")[0]
        return [f"{place}#{ref}" for ref in options.between]
    pinned = matrix.frameworks.get(options.framework or "")
    if pinned is None:
        raise UsageError(f"regress: name a framework: one of {', '.join(matrix.frameworks)}")
    if options.last and options.versions:
        raise UsageError("regress: either --last N or versions, not both")
    versions = options.versions or list(reversed(pinned.versions[: options.last or None]))
    return [f"{pinned.name}=={version}" for version in versions]
