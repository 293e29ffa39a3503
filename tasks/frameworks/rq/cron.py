"""What ``rq cron`` is pointed to: a job every second."""

from rq import cron

from tasks.frameworks.rq import tick

cron.register(tick, "default", interval=1, result_ttl=0)
