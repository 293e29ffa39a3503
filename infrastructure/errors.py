"""Errors of the harness: each says what is wrong, what was found and what to type next."""


class BenchError(Exception):
    """Something that ends a session. ``exit_code`` is what the command returns.

    A comparison returns 4 instead of 1, which means a regression there.
    """

    exit_code = 1


class UsageError(BenchError):
    """The command asks for something that does not exist; nothing was started."""

    exit_code = 2


class TrialFailed(BenchError):
    """A trial could not be carried out. It becomes a row with this status."""

    status = "failed"


class BrokerGap(TrialFailed):
    """The broker cannot do what the trial asks of it: a finding, in these words."""

    status = "gap"


class DatabaseBusy(BenchError):
    """Another program has the database open, and kept it for too long."""


class StoreError(BenchError):
    """The database cannot be used. Nothing was written to it."""
