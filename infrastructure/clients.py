"""What clients of brokers take from whoever starts us: variables, and files of the home folder.

A given server keeps them: who names it may need his profile, his certificates. For servers of ours
nothing of theirs holds: ``PGSSLMODE=require`` and ``AWS_PROFILE`` would speak of other servers.
"""

import os

PREFIXES = ("AWS_", "BOTO_", "MYSQL_", "PG")
# In place of files that are read where no variable names another.
NOTHING = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "PGPASSFILE": os.devnull,
    "PGSERVICEFILE": os.devnull,
}


def client_settings() -> dict[str, str]:
    """Those that hold now, for processes of a cell."""
    return {name: value for name, value in os.environ.items() if name.startswith(PREFIXES)}


def forget_client_settings() -> None:
    """In this process, and so in those that it starts: servers of ours are what is measured."""
    for name in client_settings():
        del os.environ[name]
    os.environ.update(NOTHING)
