"""What we print, on terminals that lack a character."""

import codecs
import io
import locale
import sys


def terminal_encoding() -> str:
    """That of the locale; UTF-8 where it names none, as in containers and cron jobs (C, POSIX)."""
    found = codecs.lookup(locale.getencoding()).name
    return "utf-8" if found == "ascii" else found


def print_what_can_be() -> None:
    """Print in the terminal's encoding, with a question mark for what that does not have. Files of
    ours are UTF-8 whatever the terminal is: the harness and its cells run in Python's UTF-8 mode.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=terminal_encoding(), errors="replace")
