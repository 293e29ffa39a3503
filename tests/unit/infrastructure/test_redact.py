"""Passwords are cut from whatever is stored, printed or handed on, however they are written."""

import html
import json
import shlex
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.redact import (
    CUT,
    KNOWN,
    keep_secrets_of,
    keep_secrets_of_environment,
    patterns,
    redacted,
    redacted_within,
)
from tests.secrets import forgotten

AWKWARD = st.text("@\":/?#&=%+ \\'<>\n\t$`ßé√🙂aB1", min_size=4, max_size=24)
PASSWORDS = st.one_of(AWKWARD, st.text(min_size=4, max_size=24)).filter(
    lambda secret: secret.strip() == secret and secret.isprintable() and CUT not in secret
)
# What a program may make of it before it tells it.
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda s: quote(s, safe=""),
    "percent, lower case": lambda s: quote(s, safe="").replace("%2F", "%2f").replace("%40", "%40"),
    "percent but for some": lambda s: quote(s, safe="/@:+!$&'()*,;="),
    "percent twice": lambda s: quote(quote(s, safe=""), safe=""),
    "form": quote_plus,
    "JSON": lambda s: json.dumps(s)[1:-1],
    "JSON in UTF-8": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda s: json.dumps(json.dumps(s))[1:-1],
    "repr": lambda s: repr(s)[1:-1],
    "repr of bytes": lambda s: repr(s.encode())[2:-1],
    "ascii": lambda s: ascii(s)[1:-1],
    "shell": shlex.quote,
    "HTML": html.escape,
    "HTML, numbered": lambda s: "".join(c if c.isalnum() else f"&#{ord(c)};" for c in s),
}


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    with forgotten():
        yield


def known(secret: str) -> None:
    KNOWN.clear()
    keep_secrets_of(f"redis://user:{quote(secret, safe='')}@host:6379/0")


@settings(max_examples=50)
@given(secret=PASSWORDS)
def test_a_known_secret_is_cut_in_every_form(secret: str) -> None:
    known(secret)
    for name, form in FORMS.items():
        said = f"cannot reach redis://user:{form(secret)}@host, said the client"
        assert redacted(said).count(CUT) >= 1, name
        assert form(secret) not in redacted(f"it is »{form(secret)}« here"), name


@settings(max_examples=50)
@given(secret=PASSWORDS)
def test_every_text_within_a_value_is_cut_and_what_is_none_stays(secret: str) -> None:
    known(secret)
    value: list[Any] = [None, True, 2.5, {"1": f"redis://u:{secret}@h", secret: [quote(secret)]}]
    *others, within = json.loads(json.dumps(redacted_within(value)))
    assert others == value[:3]
    assert within == {"1": f"redis://u:{CUT}@h", CUT: [CUT]}


@settings(max_examples=50)
@given(secret=PASSWORDS, name=st.sampled_from(["ssl_password", "aws_secret_access_key", "token"]))
def test_secret_parameters_are_secrets(secret: str, name: str) -> None:
    KNOWN.clear()
    keep_secrets_of("rediss://host:6379/0?" + urlencode({"db": "1", name: secret, "x": "y"}))
    assert secret not in redacted(f"wrong {secret}!")


@pytest.mark.parametrize(
    "address",
    [
        'redis://user:p@ss"w rd@host:6379/0',
        "postgresql://user:pa/ss#w?rd@host/db",
        "amqp://user:p%40ss%20word@host/vhost",
        "https://KEY:abc/def+ghi@sqs.eu-west-1.amazonaws.com",
    ],
)
def test_an_address_as_it_was_typed_shows_no_part_of_it(address: str) -> None:
    keep_secrets_of(address)
    shown = redacted(f"--broker-url {address}")
    for part in ("ss", "w rd", "rd", "def", "ghi", "p@", "p%40"):
        assert part not in shown.replace("host", "").replace("amazonaws", ""), shown


def test_a_short_secret_is_cut_where_it_stands_alone() -> None:
    keep_secrets_of("redis://user:x@host")
    assert redacted("password x, index 0x1") == f"password {CUT}, index 0x1"


def test_secrets_of_the_environment_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalr/K7MDENG+bPx")
    keep_secrets_of_environment()
    assert redacted("key wJalr%2FK7MDENG%2BbPx") == f"key {CUT}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("redis://user:secret@host:1/0", "redis://user:***@host:1/0"),
        ("redis://user:se@cret@host:1/0", "redis://user:***@host:1/0"),
        ('{"url": "redis://:pa:ss@h/0"}', '{"url": "redis://:***@h/0"}'),
        ("redis://h/0?password=x&db=1", "redis://h/0?password=***&db=1"),
        ("redis://h/0?ssl_password=x&db=1", "redis://h/0?ssl_password=***&db=1"),
        ("sqs://h/?aws_secret_access_key=x", "sqs://h/?aws_secret_access_key=***"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
    ],
)
def test_what_looks_like_a_password_is_cut_though_unknown(text: str, kept: str) -> None:
    KNOWN.clear()
    patterns.cache_clear()
    assert redacted(text) == kept


def test_many_backslashes_take_no_time() -> None:
    keep_secrets_of("redis://user:" + "\\" * 12 + '"\\x@host')
    assert redacted("\\" * 2000) == "\\" * 2000
