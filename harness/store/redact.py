"""Passwords stay out of the database: they are cut from every URL before it is stored."""

import re

CREDENTIALS = re.compile(r"(\w+://[^/\s:@\"]*):[^@\s\"]*@")
PARAMETER = re.compile(r"([?&]password=)[^&\s\"]*")


def redacted(text: str) -> str:
    """``redis://user:secret@host`` becomes ``redis://user:***@host``, ``?password=`` likewise."""
    return PARAMETER.sub(r"\1***", CREDENTIALS.sub(r"\1:***@", text))
