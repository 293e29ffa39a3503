"""A number and what it counts, as a person writes them."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 block``, ``2,000 blocks``; ``plural`` where an s does not make it."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
