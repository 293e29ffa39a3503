"""Signals by name."""

import signal


def signal_name(number: int) -> str:
    """``SIGKILL``; ``SIGRTMIN+2`` of a real-time signal, most of which Python has no name for."""
    try:
        return signal.Signals(number).name
    except ValueError:
        first = signal.SIGRTMIN
        real_time = first < number < signal.SIGRTMAX
        return f"SIGRTMIN+{number - first}" if real_time else f"signal {number}"
