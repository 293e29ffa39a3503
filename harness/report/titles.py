"""Names and headings: frameworks, brokers and their servers as their own documents write them."""

import re

SPELLED = {
    "arq": "arq",
    "asynctasq": "AsyncTasQ",
    "faststream": "FastStream",
    "mariadb": "MariaDB",
    "mysql": "MySQL",
    "pgqueuer": "PgQueuer",
    "postgresql": "PostgreSQL",
    "rabbitmq": "RabbitMQ",
    "raw": "raw",
    "rq": "RQ",
    "saq": "SAQ",
    "sqs": "SQS",
    "streaq": "streaQ",
    "taskiq": "taskiq",
}
SMALL = {"uvloop", *(name for name in SPELLED.values() if name[0].islower())}


def title(name: str) -> str:
    """What follows the first word stays: ``valkey 9.1`` is Valkey 9.1."""
    first, space, rest = name.partition(" ")
    return SPELLED.get(first, first.capitalize()) + space + rest


def capital(text: str) -> str:
    """As a sentence begins; a name that is written small stays."""
    return text if text.partition(" ")[0] in SMALL else text[:1].upper() + text[1:]


def slug(words: str) -> str:
    """The anchor that a heading gets on GitHub."""
    return re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
