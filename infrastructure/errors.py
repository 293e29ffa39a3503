"""Errors of the harness: each says what is wrong, what was found and what to type next."""


class BenchError(Exception):
    """Something that ends a session. ``exit_code`` is what the command returns: 4, it could not be
    carried out, since 1 is a finding's own (``harness.cli.exits``).
    """

    exit_code = 4


class UsageError(BenchError):
    """The command asks for something that does not exist; nothing was started."""

    exit_code = 2


class CellBroken(BenchError):
    """A cell cannot be used: nothing is planned on it."""


class TrialFailed(BenchError):
    """A trial could not be carried out: it becomes a failed row, in these words."""


class Gap(TrialFailed):
    """The framework or the broker cannot do what the trial asks of it: a finding."""


class BrokerGap(Gap):
    """The broker cannot do it."""


class DatabaseBusy(BenchError):
    """Another program has the database open, and kept it for too long."""


class StoreError(BenchError):
    """The database cannot be used. Nothing was written to it."""
