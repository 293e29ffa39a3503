"""Arms as a person types them: ``asynctasq==1.6.0,python=3.13`` or ``celery@threads``.

Standard library only: the noxfile parses with it to know which cells to build.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.matrix import Cell, Matrix, suggest
from harness.cli.words import PROFILES, VARIANTS
from infrastructure.errors import UsageError

FACTORS = ("framework", "version", "variant", "python", "broker", "profile")


@dataclass(frozen=True)
class ArmRequest:
    """One arm, every field settled."""

    framework: str
    version: str
    variant: str
    python: str
    broker: str
    profile: str

    @property
    def cell(self) -> Cell:
        return Cell(self.framework, self.version, self.python)

    def label(self, shown: Sequence[str]) -> str:
        """Its name among arms that differ in the ``shown`` factors."""
        name = f"{self.framework} {self.version}" + (f"@{self.variant}" if self.variant else "")
        rest = [f"{f} {getattr(self, f)}" for f in ("python", "broker", "profile") if f in shown]
        return ", ".join([name, *rest])


@dataclass(frozen=True)
class Defaults:
    """What an arm takes where it says nothing itself."""

    python: str
    broker: str | None
    profile: str


def parse_arm(text: str, matrix: Matrix, defaults: Defaults) -> ArmRequest:
    """Read one arm. Raises UsageError with the valid words and a suggestion."""
    head, *settings = text.split(",")
    named, _, variant = head.partition("@")
    framework, _, version = named.partition("==")
    pinned = matrix.frameworks.get(framework)
    if pinned is None:
        raise UsageError(
            f"arm {text!r}: unknown framework {framework!r}: "
            + suggest(framework, list(matrix.frameworks))
        )
    if version and version not in pinned.versions:
        raise UsageError(
            f"arm {text!r}: {framework} {version} is not pinned: "
            f"{suggest(version, list(pinned.versions))}; to add one, write it into "
            f"[tool.bench.frameworks.{framework}] of pyproject.toml and run: nox -s lock"
        )
    given = settings_of(text, settings)
    check_word(text, "variant", variant, ["", *VARIANTS.get(framework, ())])
    python = check_word(text, "python", given.get("python", defaults.python), matrix.pythons)
    usual = defaults.broker or pinned.brokers[0]
    return ArmRequest(
        framework,
        version or pinned.versions[0],
        variant,
        python,
        check_word(text, "broker", given.get("broker", usual), pinned.brokers),
        check_word(text, "profile", given.get("profile", defaults.profile), PROFILES),
    )


def settings_of(text: str, settings: Sequence[str]) -> dict[str, str]:
    """``python=3.13`` and the like after the arm's name."""
    given = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        check_word(text, "setting", name, ("python", "broker", "profile"))
        given[name] = value
    return given


def check_word(text: str, what: str, word: str, valid: Sequence[str]) -> str:
    if word not in valid:
        raise UsageError(f"arm {text!r}: unknown {what} {word!r}: {suggest(word, list(valid))}")
    return word


def differing(arms: Sequence[ArmRequest]) -> list[str]:
    """The factors in which the arms differ; a version only counts within one framework."""
    found = [f for f in FACTORS if len({getattr(arm, f) for arm in arms}) > 1]
    return [f for f in found if f not in {"version", "variant"} or "framework" not in found]


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
            f"the arms differ in {' and '.join(factors)}, so no difference could be put down to "
            f"one of them; make them equal, or declare it: "
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
    defaults = Defaults(python, options.broker, options.profile)
    texts = options.arms if hasattr(options, "arms") else series_of(options, matrix)
    return [parse_arm(text, matrix, defaults) for text in texts]


def soaked(options: argparse.Namespace, matrix: Matrix) -> ArmRequest:
    """The one arm of a soak; the first framework where none is named. Raises UsageError."""
    defaults = Defaults(options.python or matrix.pythons[0], options.broker, options.profile)
    return parse_arm(options.arm or matrix.quickstart[0], matrix, defaults)


def series_of(options: argparse.Namespace, matrix: Matrix) -> list[str]:
    """Versions of one framework, oldest first."""
    pinned = matrix.frameworks.get(options.framework or "")
    if pinned is None:
        raise UsageError(f"regress: name a framework: one of {', '.join(matrix.frameworks)}")
    if options.last and options.versions:
        raise UsageError("regress: either --last N or versions, not both")
    versions = options.versions or list(reversed(pinned.versions[: options.last or None]))
    return [f"{pinned.name}=={version}" for version in versions]
