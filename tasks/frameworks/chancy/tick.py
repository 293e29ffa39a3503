"""The job that Chancy's cron starts every second."""

from chancy import job

from tasks.frameworks.chancy import probe, workers


@job(queue=workers.QUEUE)
async def tick() -> None:
    await probe.tick_async()
