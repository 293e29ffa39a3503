"""Passwords in addresses are cut."""

import pytest

from harness.store.redact import redacted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("redis://user:secret@host:1/0", "redis://user:***@host:1/0"),
        ('{"url": "redis://:pa:ss@h/0"}', '{"url": "redis://:***@h/0"}'),
        ("redis://h/0?password=x&db=1", "redis://h/0?password=***&db=1"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
    ],
)
def test_passwords_are_not_stored(text: str, kept: str) -> None:
    assert redacted(text) == kept
