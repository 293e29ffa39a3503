"""What a document has of results: between ``<!-- NAME -->`` and ``<!-- end -->``."""

import re

from infrastructure.errors import BenchError


def between(text: str, name: str, made: str) -> str:
    """The text with what was made between the marks. Raises BenchError where they are missing."""
    marks = re.compile(rf"(?<=<!-- {re.escape(name)} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    if not marks.search(text):
        raise BenchError(f"there is no <!-- {name} --> followed by <!-- end -->: put them in")
    return marks.sub(lambda _: made, text, count=1)


def part(text: str, name: str) -> str:
    """What stands between the marks; empty where there are none."""
    found = re.search(rf"<!-- {re.escape(name)} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    return found[1] if found else ""
