"""A number and what it counts, as a person writes them."""

from collections.abc import Collection, Iterable


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 block``, ``2,000 blocks``; ``plural`` where an s does not make it."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def ranging(numbers: Iterable[int]) -> str:
    """``3 to 4``; a single one where all are alike."""
    least, most = min(found := set(numbers)), max(found)
    return f"{least} to {most}" if len(found) > 1 else f"{least}"


def counts(numbers: Collection[int], noun: str) -> str:
    """``1 to 2 trials``, ``1 trial`` where all are 1."""
    return f"{ranging(numbers)} {noun}{'s' if max(numbers) > 1 else ''}"
