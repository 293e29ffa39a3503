"""The brokers by name, each a module or a package of this folder. Standard library only."""

NAMES = ("redis", "postgresql", "mysql", "rabbitmq", "sqs")
