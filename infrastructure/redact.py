"""Passwords stay out of everything that is stored, printed or handed on.

What is known to be a secret (:func:`keep_secrets`) is cut by its value, however it is written
there; what only looks like one, in an address or its parameters, is cut by where it stands.
"""

import html
import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

CUT = "***"
NAMES = r"(?:pass|pwd|secret|token|credential|signature|auth)"  # of parameters that are secrets
SECRET_NAME = re.compile(NAMES, re.IGNORECASE)
CREDENTIALS = re.compile(r"(\w+://[^/\s:@\"']*):[^\s\"'/]*@")
PARAMETER = re.compile(rf"([?&;][\w.-]*{NAMES}[\w.-]*=)[^&;\s\"']*", re.IGNORECASE)
# What a client takes from the environment where the address names no password.
VARIABLES = (
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "MYSQL_PWD",
    "PGPASSWORD",
    "REDISCLI_AUTH",
)
SHORT = 4  # characters: a shorter secret is cut where it stands alone, or it would be everywhere
KNOWN: set[str] = set()
QUOTED = 16  # backslashes in a row, at most: each quoting of a text doubles them
ESCAPE = rf"\\{{1,{QUOTED}}}"
BACKSLASHES = rf"(?i:{ESCAPE}|(?:%(?:25)*5c)+|(?:{ESCAPE}(?:u00|x)5c)+|(?:&(?:amp;)*#(?:92|x5c);)+)"
LETTERS = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
SHELL = r"""'(?:"'"|\\')'"""  # an apostrophe between apostrophes


def keep_secrets_of(address: str) -> None:
    """Cut whatever is secret in this address from now on."""
    keep_secrets(secrets_of(address))


def keep_secrets_of_environment() -> None:
    """Those that clients find there."""
    keep_secrets(os.environ.get(name, "") for name in VARIABLES)


def keep_secrets(found: Iterable[str]) -> None:
    """Cut these from now on."""
    KNOWN.update(secret for secret in found if secret)
    patterns.cache_clear()


def new_password() -> str:
    """A random one for a server of ours."""
    made = secrets.token_hex(16)
    keep_secrets([made])
    return made


def secrets_of(address: str) -> Iterable[str]:
    """The password and the secret parameters, decoded; as they stand too, where they cannot be."""
    before, _, _ = address.rpartition("@")
    _, _, after = before.partition("://")
    yield from written(after.partition(":")[2])  # one with / ? # in it, which ends the place of it
    try:
        parts = urlsplit(address)
        yield from written(parts.password or "")
        yield from secret_parameters(parts)
    except ValueError:  # no address: what stands before @ is all that can be told
        return


def written(secret: str) -> tuple[str, str]:
    return secret, unquote(secret)


def secret_parameters(parts: SplitResult) -> Iterable[str]:
    for name, value in parse_qsl(parts.query):
        if SECRET_NAME.search(name):
            yield value


def redacted(text: str) -> str:
    """``redis://user:secret@host`` becomes ``redis://user:***@host``, ``?password=`` likewise."""
    for pattern in patterns():
        text = pattern.sub(CUT, text)
    return PARAMETER.sub(rf"\1{CUT}", CREDENTIALS.sub(rf"\1:{CUT}@", text))


def redacted_within(value: Any) -> Any:
    """A value of JSON with every text in it redacted, before quoting changes what it looks like."""
    match value:
        case str():
            return redacted(value)
        case Mapping():
            return {redacted(str(k)): redacted_within(v) for k, v in value.items()}
        case Sequence():
            return [redacted_within(v) for v in value]
        case None | bool() | int() | float():
            return value
    return redacted(str(value))


@cache
def patterns() -> Sequence[re.Pattern[str]]:
    """Of the known secrets, the longest first: one may be a part of another."""
    return [pattern_of(secret) for secret in sorted(KNOWN, key=len, reverse=True)]


def pattern_of(secret: str) -> re.Pattern[str]:
    """The secret with each character as it is or as some quoting writes it."""
    parts = re.findall(r"\\+|[^\\]", secret)
    said = "".join(BACKSLASHES if part[0] == "\\" else any_form(part) for part in parts)
    return re.compile(rf"(?<!\w){said}(?!\w)" if len(secret) < SHORT else said)


def any_form(character: str) -> str:
    r"""A character: itself; ``%40`` and ``%2540``; ``\"``, ``\u0022`` and ``\x22``, whose backslash
    may be quoted again; ``&quot;`` and ``&#34;``.
    """
    if character.isascii() and character.isalnum():
        return character  # which nobody quotes
    octets = character.encode(errors="surrogatepass")
    utf_16 = character.encode("utf-16-be", errors="surrogatepass")
    units = zip(utf_16[::2], utf_16[1::2], strict=True)
    code = ord(character)
    forms = [
        "".join(rf"(?i:%(?:25)*{octet:02x})" for octet in octets),
        "".join(rf"(?i:{ESCAPE}u{high:02x}{low:02x})" for high, low in units),
        "".join(rf"(?i:{ESCAPE}x{octet:02x})" for octet in octets),
        rf"(?i:{ESCAPE}(?:x{code:02x}|u0*{code:x}|U0*{code:x}))",
        rf"(?i:&(?:amp;)*#(?:x0*{code:x}|0*{code});)",
        html.escape(character).replace("&", "&(?:amp;)*") if character in "&<>\"'" else "",
        LETTERS.get(character, "").replace("\\", ESCAPE),
        SHELL if character == "'" else "",
        r"\+" if character == " " else "",
        rf"\\{{0,{QUOTED}}}{re.escape(character)}",  # the last: % is the begin of %25 too
    ]
    return f"(?:{'|'.join(filter(None, forms))})"
