"""What users of a queue ask, beside which is faster, and the figures that answer it.

A clause is a sentence's part about an arm, from its figures: ``{METRIC}`` at the clause's point, or
``{METRIC@POINT}`` at another.
"""

from dataclasses import dataclass

COST = "throughput"  # whose million tasks are priced


@dataclass(frozen=True)
class Clause:
    """``point``: of the scenario; ``says``: with the places of figures."""

    point: str
    says: str


@dataclass(frozen=True)
class Question:
    """``asks``: as a reader does; ``note``: what the figures are of."""

    scenario: str
    asks: str
    note: str
    clauses: tuple[Clause, ...]


QUESTIONS = (
    Question(
        "idle",
        "What does an idle worker cost?",
        "Two worker processes without a task for 30 s, listening to 1, 10 or 100 queues.",
        (
            Clause(
                "1 queue",
                "its workers take {workers_idle_cpu} of a core and {workers_idle_pss} MiB, and ask "
                "the broker {broker_idle_commands} times per second",
            ),
            Clause(
                "100 queues",
                "with 100 queues they take {workers_idle_cpu} of a core and ask "
                "{broker_idle_commands} times per second",
            ),
        ),
    ),
    Question(
        "results",
        "How long does a result take?",
        "Callers send a no-op, wait for its result, and send the next.",
        (
            Clause(
                "1 caller",
                "one caller has a result after {round_trip_p50} ms (p90 {round_trip_p90} ms)",
            ),
            Clause("100 callers", "one of 100 callers after {round_trip_p50} ms"),
            Clause(
                "stored",
                "storing takes {workers_cpu_per_task} µs of the workers' CPU per task instead of "
                "{workers_cpu_per_task@not stored}, and leaves {left_bytes_per_task} bytes at the "
                "broker instead of {left_bytes_per_task@not stored}",
            ),
        ),
    ),
    Question(
        "fan_out",
        "What does a group with a callback cost?",
        "A group of no-ops, sent by one call, and a task that follows when all have succeeded.",
        (
            Clause(
                "100 members",
                "the callback of 100 members starts {group_time_p50} ms after the call, and "
                "{callback_wait_p50} ms after the last member; {callbacks_lost} of 10 were lost",
            ),
            Clause(
                "1,000 members",
                "that of 1,000 members starts {group_time_p50} ms after the call; "
                "{callbacks_lost} of 3 were lost",
            ),
        ),
    ),
    Question(
        "burst",
        "What happens in a burst?",
        "Nothing for 30 s, then 1,000 no-ops at once; five times.",
        (
            Clause(
                "steady",
                "the first task starts after {time_to_first} ms, the last ends after "
                "{time_to_last} ms",
            ),
            Clause(
                "autoscaled",
                "with a pool that scales itself from one process to four the first starts after "
                "{time_to_first} ms, the last ends after {time_to_last} ms",
            ),
        ),
    ),
    Question(
        "periodic",
        "Are ticks of a periodic job missed?",
        "A job every second for 60 s, by the framework's own scheduler. A late tick is one that "
        "waited while the worker was restarted, and ran together with a later one.",
        (
            Clause(
                "one scheduler",
                "a tick is {tick_lateness_p50} ms late (at most {tick_lateness_max} ms), "
                "{lost} were missed and {ticks_more} were too many",
            ),
            Clause(
                "one scheduler, restarted",
                "over a restart of scheduler and worker no tick runs for {tick_gap_max} s, "
                "{ticks_late} are late, {lost} missed, {ticks_more} too many",
            ),
            Clause("two schedulers", "two schedulers run {ticks_more} ticks too many"),
        ),
    ),
    Question(
        "big_backlog",
        "What do a million waiting tasks do?",
        "A million no-ops are sent while no worker runs, then drained.",
        (
            Clause(
                "",
                "they are sent at {enqueue_rate} tasks/s, take {broker_bytes_per_task} bytes each "
                "at the broker, and are drained at {drain_rate_deep} tasks/s with {depth_deep} "
                "waiting and at {drain_rate_shallow} with {depth_shallow}",
            ),
        ),
    ),
    Question(
        "deploy",
        "What does a rolling restart lose?",
        "Two workers, asked to end and started anew one after the other.",
        (
            Clause(
                "short tasks",
                "under 100 tasks/s {lost} of 3,000 are lost and {repeated} repeated, and nothing "
                "is done for {longest_silence} s at most",
            ),
            Clause(
                "long tasks",
                "of twelve tasks of 4 s {lost} are lost and {cut_off} cut off, and the slower "
                "worker takes {stop_time_max} s to stop",
            ),
        ),
    ),
    Question(
        "poison",
        "What becomes of poison?",
        "Five bad tasks among 1,000 at 50 tasks/s. What is still at the broker after that may run "
        "again later.",
        (
            Clause(
                "raise",
                "attempts of a task that raises: {poison_attempts}, with {left_in_broker} of five "
                "still at the broker",
            ),
            Clause(
                "time out",
                "of one that takes too long: {poison_attempts}, with {left_in_broker} of five "
                "still there",
            ),
            Clause(
                "end the process",
                "of one that ends its process: {poison_attempts}, with {left_in_broker} of five "
                "still there, {lost} neighbours lost and {duplicated} repeated",
            ),
            Clause(
                "are killed",
                "of one whose process is killed, as where memory runs out: {poison_attempts}, with "
                "{left_in_broker} of five still there, {lost} neighbours lost and {duplicated} "
                "repeated",
            ),
            Clause(
                "cannot be read",
                "of five messages that cannot be read {left_in_broker} are still at the broker and "
                "{dead_letters} are dead letters; {revived} workers end by them, nothing is done "
                "for up to {longest_silence} s, {errors_logged} lines of the log speak of an error",
            ),
        ),
    ),
    Question(
        "fairness",
        "How long does a small tenant wait?",
        "One tenant sends 10,000 tasks of 1 ms, then another sends 10.",
        (
            Clause(
                "one queue",
                "in one queue the small tenant's last task starts after {small_wait_max} ms",
            ),
            Clause(
                "a queue each, big first",
                "with a queue each, the big tenant's named first, after {small_wait_max} ms",
            ),
            Clause(
                "a queue each, small first",
                "with the small tenant's named first after {small_wait_max} ms",
            ),
        ),
    ),
    Question(
        COST,
        "What does a million tasks cost?",
        "CPU and memory of a drained backlog of no-ops, by the prices of "
        "`[tool.bench.prices]` in pyproject.toml.",
        (),
    ),
    Question(
        "soak",
        "Does anything grow within an hour?",
        "100 tasks/s for an hour, with new workers after half of it. Each figure is a change per "
        "hour, in brackets the interval that the slopes of both halves span: something grows where "
        "all of it lies above 0.",
        (
            Clause(
                "",
                "the median sojourn time changes by {sojourn_p50_slope} ms, the workers' memory by "
                "{workers_pss_slope} MiB, the keys at the broker by {broker_keys_slope}",
            ),
            Clause(
                "",
                "the workers' open files change by {workers_descriptors_slope}, the broker's "
                "memory by {broker_memory_slope} MiB",
            ),
        ),
    ),
)
