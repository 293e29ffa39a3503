"""The installed package: a command, and the project's folder beside it."""
