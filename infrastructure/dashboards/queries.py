"""Queries of Prometheus, about what a page's variables choose."""


def only(*more: str) -> str:
    """A selector of what the page's variables choose."""
    return "{" + ", ".join(['arm=~"$arm"', 'scenario=~"$scenario"', *more]) + "}"


def rate(metric: str, *more: str, by: str = "arm, scenario") -> str:
    return f"sum by ({by}) (rate({metric}{only(*more)}[$__rate_interval]))"


def latency(quantile: float, by: str = "arm, scenario") -> str:
    return (
        f"histogram_quantile({quantile:g}, {rate('bench_sojourn_seconds_bucket', by=f'le, {by}')})"
    )


def cost(by: str = "arm, scenario") -> str:
    """Worker CPU seconds a task; no value while nothing is completed."""
    done = rate("bench_tasks_total", 'state="completed"', by=by)
    return f"{rate('bench_cpu_seconds_total', 'role="workers"', by=by)} / ({done} > 0)"


def over_range(metric: str, *more: str) -> str:
    return f"sum by (arm) (increase({metric}{only(*more)}[$__range]))"
