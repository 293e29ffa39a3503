"""What does a worker cost that has nothing to do?

Load: none, for 30 s, after the workers were warmed up and have come to rest; they listen to 1, 10
or 100 queues. The quick size rests for 3 s. Then one task goes to each queue, at least 10 in all,
10 a second: so that what was measured is known to be listening, and how soon it wakes. Primary: CPU
of the workers and of the broker, memory of the workers.

CPU is in cores: 0.01 is 10 ms a second; at least 0.0001, so that two arms that take next to
nothing are equal. Memory is the summed PSS of all processes of the role at the end of the rest.
Commands are those that the broker served meanwhile, by the names it has for them: commands of
Redis, statements of MySQL, transactions of PostgreSQL, messages of RabbitMQ by what was done with
them (a push costs none), requests to SQS. During the rest the harness neither samples nor asks the
broker. All of it is of all worker processes of the arm: two in the matched profile.

Void: a task of the end lost, duplicated or failed.

*1 queue* is the framework's usual one. Frameworks whose workers read one queue only have a gap for
more; so have those that read their queues side by side, each with slots of its own. Where urgency
is a priority within one queue, the queues are priorities here too.
"""

from collections.abc import Mapping

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import Array, calls
from harness.measure.metrics import Metric, accounting_metrics, idle_metrics, join, quantiles
from harness.measure.records import Records
from harness.measure.sampler import idle_rates
from harness.measure.window import Window
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import poisson
from harness.scenario.point import Point, Size, amount, numbered
from harness.scenario.primary import CHEAPER, CPU_MARGIN, Better, Primary, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

QUEUES = (1, 10, 100)
REST_S, LEAST_REST_S = 30.0, 1.0
# Until what came before is over; and, where the broker counts late, told.
SETTLED_S, TOLD_S = 2.0, 11.0
WAKES, WAKE_RATE = 10, 10.0
LEAST_CPU = 0.0001  # cores


def names_of(count: int) -> list[str]:
    """Queues, ``default`` among them as everywhere."""
    return ["default", *(f"q{number}" for number in range(2, count + 1))]


def round_robin(count: int, queues: int, rng: np.random.Generator) -> Array:
    """No-ops (CALL_TYPE) at random times, to each queue in its turn."""
    found = calls(count, offsets_ns=poisson(WAKE_RATE, count, rng))
    found["queue"] = np.arange(count) % queues
    return found


class Idle(Scenario):
    name = "idle"
    question = "What does a worker cost that has nothing to do?"
    primary = (
        Primary("workers_idle_cpu", Better.LOWER, CPU_MARGIN, CHEAPER),
        Primary("broker_idle_cpu", Better.LOWER, CPU_MARGIN, CHEAPER),
        lower("workers_idle_pss"),
    )
    by_name = "broker_idle_"
    charts = drawn(
        "workers_idle_cpu",
        "broker_idle_cpu",
        "workers_idle_pss",
        "broker_idle_commands",
        Chart("sojourn_p50", "Sojourn time of a task after the rest, median"),
    )

    def points(self, size: Size) -> list[Point]:
        return numbered(
            Point(
                size,
                name=amount(count, "queue"),
                wants={"queues": names_of(count)} if count > 1 else {},
                options={"queues": count},
            )
            for count in QUEUES
        )

    def rest_s(self, size: Size) -> float:
        return max(LEAST_REST_S, REST_S * size.scale)

    def expected_s(self, point: Point) -> float:
        wakes_s = max(WAKES, int(point.options.get("queues", 1))) / WAKE_RATE
        return point.size.around_s + SETTLED_S + self.rest_s(point.size) + wakes_s

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        queues = int(point.options.get("queues", 1))
        names = names_of(queues) if queues > 1 else ()
        run.warm_up_calls(calls(100 * run.topology.slots))
        run.rest(TOLD_S if run.broker.late_commands() else SETTLED_S, "settled")
        run.rest(self.rest_s(point.size), "rest")
        run.facts |= {
            f"{role}_pss": float(usage.pss_bytes or 0)
            for role, usage in run.sampler.look(memory=True).items()
        }
        woken = round_robin(max(WAKES, queues), queues, rng)
        run.producers.send_schedule("load", woken, queues=names)
        run.drain()
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        fate, window = account(records), run.windows["rest"]
        metrics = [
            *accounting_metrics(fate),
            *idle_metrics(at_least(idle_rates(window.before, window.after))),
            *(
                Metric(f"{role}_idle_pss", run.facts[f"{role}_pss"], "bytes")
                for role in window.after
            ),
            *served(window),
            *quantiles("sojourn", join(records).sojourn),
        ]
        return Measures(metrics, fate.complaints())


def at_least(rates: Mapping[str, float]) -> dict[str, float]:
    """Cores by role; whoever waits in one system call takes none at all."""
    return {role: max(LEAST_CPU, rate) for role, rate in rates.items()}


def served(window: Window) -> list[Metric]:
    """What the broker was asked a second, in all and by name; nothing where it does not count."""
    seconds = (window.end_ns - window.start_ns) / 1e9
    if not window.begun.commands:
        return []
    counts = {**window.counted.commands, **window.counted.late}
    total = sum((window.counted.late or window.counted.commands).values())  # which has all of them
    found = [Metric("broker_idle_commands", total / seconds, "1/s")]
    return found + [Metric(f"broker_idle_{name}", n / seconds, "1/s") for name, n in counts.items()]


SCENARIO = Idle()
