"""A large page in parts: what a scenario or another long section shows is a file of its own, read
when it comes near.

A script file can be read from disk too, where a page may not fetch anything.
"""

import json
import re
from collections.abc import Mapping

MOST_BYTES = 3_000_000  # of a page that is one file
MARKED = re.compile(r"<!--part (\w+)-->(.*?)<!--end \1-->", re.DOTALL)
LATER = (
    '<p class="later" data-part="{name}">Loaded from <code>data/{name}.js</code> when you scroll '
    "here.<noscript> This page is large and needs JavaScript to load its parts.</noscript></p>"
)


def parted(page: str) -> tuple[str, Mapping[str, str]]:
    """The page, and its parts by name: none of a page that is small enough to be whole."""
    if len(page.encode()) <= MOST_BYTES:
        return re.sub(r"<!--(part|end) \w+-->", "", page), {}
    parts = {found[1]: found[2] for found in MARKED.finditer(page)}
    return MARKED.sub(lambda found: LATER.format(name=found[1]), page), parts


def script(name: str, part: str) -> str:
    """The file of a part: a call of a function of the page."""
    return f"part({json.dumps(name)}, {json.dumps(part)});\n"
