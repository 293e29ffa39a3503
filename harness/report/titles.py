"""Frameworks, brokers and their servers as their own documents write them."""

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


def title(name: str) -> str:
    """What follows the first word stays: ``valkey 9.1`` is Valkey 9.1."""
    first, space, rest = name.partition(" ")
    return SPELLED.get(first, first.capitalize()) + space + rest
