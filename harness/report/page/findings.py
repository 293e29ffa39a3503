"""What is known of the frameworks on a page: the headlines of docs/findings.md."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from infrastructure.root import ROOT

FINDINGS = ROOT / "docs" / "findings.md"
HEADLINE = re.compile(r"^### (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A chapter, as ``Celery 5.7.0 on other brokers``, and its headlines."""

    chapter: str
    headlines: list[str]


def findings(frameworks: Iterable[str]) -> list[Found]:
    """Of the chapters that name one of them."""
    names = {name.lower() for name in frameworks}
    chapters = re.split(r"^## ", FINDINGS.read_text(), flags=re.MULTILINE)[1:]
    return [
        Found(title, headlines(text))
        for title, text in (chapter.split("\n", 1) for chapter in chapters)
        if names & set(re.findall(r"\w+", title.lower()))
    ]


def headlines(chapter: str) -> list[str]:
    return [line.replace("`", "") for line in HEADLINE.findall(chapter)]
