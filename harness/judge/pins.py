"""Whether figures are of workers that had a core each, in words: these are other ratios."""

from collections.abc import Sequence

WORKERS_PINNED = "workers_pinned"  # a metric: processes that had a core of their own
SENDING = "enqueue"  # how the names of metrics begin that are measured before anyone is pinned


def pinned_in_words(metric: str, arms: Sequence[tuple[str, bool]]) -> str:
    """``arms``: names, and whether their workers were pinned. Empty where nobody's were."""
    names = [name for name, pinned in arms if pinned]
    if not names or metric.startswith(SENDING):
        return ""
    if len(names) == len(arms):
        return "workers pinned to cores"
    return f"only workers of {' and '.join(names)} pinned to cores"
