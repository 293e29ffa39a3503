"""Where a session speaks: lines as long as they are, numbers as they were written."""

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)
