"""Closed forms of queueing theory, to hold simulations against."""

import math
from collections.abc import Sequence


def erlang_c_wait(arrivals: float, service_s: float, servers: int) -> float:
    """The mean wait in the queue of M/M/c, seconds (Erlang 1917)."""
    load = arrivals * service_s
    busy = load / servers
    last = load**servers / math.factorial(servers) / (1 - busy)
    waits = last / (sum(load**n / math.factorial(n) for n in range(servers)) + last)
    return waits * service_s / (servers - load)


def mean_value_analysis(customers: int, think_s: float, services_s: Sequence[float]) -> float:
    """Throughput of a closed network of a delay and single servers (Reiser and Lavenberg 1980)."""
    lengths = [0.0] * len(services_s)
    rate = 0.0
    for n in range(1, customers + 1):
        times = [s * (1 + length) for s, length in zip(services_s, lengths, strict=True)]
        rate = n / (think_s + sum(times))
        lengths = [rate * each for each in times]
    return rate


def repairman(customers: int, think_s: float, service_s: float, servers: int) -> float:
    """Throughput of the same with one station of several servers, by its birth and death."""
    weights = [1.0]
    for n in range(1, customers + 1):
        waits = (customers - n + 1) / think_s
        weights.append(weights[-1] * waits * service_s / min(n, servers))
    busy = sum(min(n, servers) * weight for n, weight in enumerate(weights))
    return busy / sum(weights) / service_s
