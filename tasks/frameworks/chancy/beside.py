"""What Chancy's workers do beside jobs: plugins of its own."""

from typing import Any

from chancy import Chancy
from chancy.plugins.cron import Cron
from chancy.plugins.leadership import Leadership
from chancy.plugins.recovery import Recovery
from chancy.plugins.retry import RetryPlugin
from chancy.plugins.workflow import WorkflowPlugin

from tasks.spec import Spec


async def schedule(app: Chancy) -> None:
    """The job of every second, its own field being the last."""
    from tasks.frameworks.chancy import tick  # which needs the app

    await Cron.schedule(app, "* * * * * *", tick.tick.job.with_unique_key("tick"))


def plugins_of(spec: Spec) -> list[Any]:
    """As the scenario takes them; one worker, the leader, looks for dead ones, ticks and groups. By
    default there is none for the first minute.
    """
    found: list[Any] = []
    if "redeliver_s" in spec.wants:
        found = [Recovery(poll_interval=1)]
    elif "periodic" in spec.wants:
        found = [Cron(poll_interval=1)]
    elif "group" in spec.wants:
        found = [WorkflowPlugin()]
    return [RetryPlugin(), *([Leadership(poll_interval=1, timeout=3), *found] if found else [])]
