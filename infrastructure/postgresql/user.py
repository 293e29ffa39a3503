"""As whom PostgreSQL runs."""

import os
import pwd
import shutil

from infrastructure.errors import UsageError


def as_somebody() -> tuple[list[str], pwd.struct_passwd | None]:
    """What to write before a command, since PostgreSQL refuses to run as root, and as whom it
    runs then. That user keeps one right of root's: to reach files in folders closed to it, as a
    trial's folder below /root is.

    Raises UsageError where that cannot be.
    """
    if os.geteuid() != 0:
        return [], None
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise UsageError(
            "PostgreSQL does not run as root, and setpriv, which gives up root's rights, is "
            "missing; install it (package util-linux), or run as another user"
        )
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names.get("nobody")
    if user is None:
        raise UsageError(
            "PostgreSQL does not run as root, and there is no user postgres or nobody to run as; "
            "make one (useradd --system postgres), or run as another user"
        )
    reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    who = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [setpriv, *who, *reach], user
