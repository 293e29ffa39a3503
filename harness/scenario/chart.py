"""What the report draws of a scenario's points: metrics, each under its title."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """A metric as the report draws it: a bar a point and arm, lines ``over`` another metric, or a
    heat map an arm over the two metrics of ``grid``.

    ``called``: its title where that is not the metric's own. ``log``: both axes of the lines.
    ``points``: names of those it is about; empty: all. Raises ValueError where it has no title.
    """

    metric: str
    called: str = ""
    over: str = ""
    log: bool = False
    grid: tuple[str, str] | None = None
    points: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.called or self.metric in TITLES):
            raise ValueError(f"{self.metric} has no title: say one here, or add it to TITLES")

    @property
    def title(self) -> str:
        return self.called or TITLES[self.metric]


def drawn(*metrics: str | Chart) -> tuple[Chart, ...]:
    """Charts in this order; a metric's name alone: bars under its own title."""
    return tuple(each if isinstance(each, Chart) else Chart(each) for each in metrics)


# Of metrics, wherever they are drawn.
TITLES = {
    "ahead_of_small": "Share of the big tenant's tasks that came before",
    "back_after": "From a worker's end to its successor's first task",
    "broker_bytes_per_task": "Bytes at the broker per task",
    "broker_commands_per_task": "Commands or statements per task",
    "broker_cpu_per_task": "CPU per task, server",
    "broker_cpu_per_task_deep": "CPU of the broker per task, deep",
    "broker_cpu_per_task_shallow": "CPU of the broker per task, shallow",
    "broker_idle_commands": "Commands to the broker per second",
    "broker_idle_cpu": "CPU of the broker while workers are idle",
    "broker_traffic_per_task": "Bytes to and from the server per task",
    "broker_wal_per_task": "Bytes to the server's write-ahead log per task",
    "call_rate": "Calls per second",
    "callback_wait_p50": "From the last member's end to the callback, median",
    "callbacks_lost": "Lost callbacks",
    "cut_off": "Attempts that were cut off",
    "dead_letters": "Dead letters",
    "delivery_p50": "Delivery of an event, median",
    "drain_rate": "Drain rate",
    "drain_rate_deep": "Drain rate while the queue is deep",
    "drain_rate_shallow": "Drain rate while the queue is shallow",
    "duplicated": "Duplicated tasks",
    "enqueue_p50": "Enqueue call, median",
    "enqueue_rate": "Enqueue rate",
    "errors_logged": "Lines of the workers' logs that speak of an error",
    "event_completeness": "Events heard, share of all",
    "fairness": "Fairness over the first half (Jain)",
    "group_time_p50": "From the call to the callback, median",
    "import_time": "Import of the framework",
    "lateness_max": "Lateness, largest",
    "lateness_p50": "Lateness, median",
    "lateness_p90": "Lateness, p90",
    "left_bytes_per_task": "Bytes left at the broker per drained task",
    "longest_silence": "Longest silence",
    "lost": "Lost tasks",
    "lost_acknowledged": "Lost tasks of those that the broker had acknowledged",
    "makespan": "Makespan",
    "memory_at_rest": "Memory at rest (PSS), all worker processes",
    "not_redone": "Share of the tasks at work that was not redone",
    "overhead_per_task": "CPU per task above the bare function",
    "overall_rate": "Rate from the first send, or from the workers' start, to the last end",
    "overlap": "Overlap: share of what slots that only wait would reach",
    "overtaking": "Overtaking: urgent before patient, share of pairs",
    "payload_rate": "Payload carried per second",
    "poison_attempts": "Attempts of a poisonous task",
    "redone_after": "Time until the last that was redone began again",
    "redone_twice": "Tasks at work that were redone more than once",
    "refused": "Sends that the framework refused",
    "repeated": "Tasks that were begun more than once",
    "request_p50": "Request, median",
    "results_kept": "Results still there after their time, share",
    "retried_sojourn_p50": "An order whose charge was refused once, median",
    "revived": "Workers that ended and were started again",
    "round_trip_p50": "Round trip, median",
    "round_trip_p90": "Round trip, p90",
    "send_per_member": "Sending, per member",
    "small_wait_max": "Wait of the small tenant, longest",
    "small_wait_p50": "Wait of the small tenant, median",
    "sojourn_p50": "Sojourn time, median",
    "sojourn_p90": "Sojourn time, p90",
    "speed_up": "Speed-up over the bare function in one process",
    "stop_time_max": "Time to stop a worker, longest",
    "stranded": "Stranded tasks: done once workers were started anew",
    "tick_gap_max": "Longest time without a tick",
    "tick_lateness_max": "Lateness of a tick, largest",
    "tick_lateness_p50": "Lateness of a tick, median",
    "ticks_late": "Ticks that came together with a later one",
    "ticks_more": "Ticks beyond one per second",
    "time_per_task": "Time per task, one at a time",
    "time_to_first": "From the burst to the first start, median of five",
    "time_to_first_task": "From exec to the first task done",
    "time_to_last": "From the burst to the last end, median of five",
    "time_to_ready": "From exec to ready, as the framework says it",
    "time_to_recover": "Time to recover",
    "waiting_lost": "Waiting tasks that were never done",
    "web_cpu_per_task": "CPU per request, web application",
    "workers_cpu_per_task": "CPU per task, workers",
    "workers_idle_cpu": "CPU of idle workers",
    "workers_idle_pss": "Memory of idle workers (PSS)",
    "workers_pss_peak": "Peak memory (PSS), workers",
}
