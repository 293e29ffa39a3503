"""An order in four steps, each a task that sends the next: validate, charge, e-mail, inventory.

Steps of an order have consecutive sequence numbers, so that every record says which order it is of.
``arg`` is how often the charge fails before it succeeds. The charge is effective where a byte is
appended to the order's ledger: a file of one byte is an order charged once.
"""

import asyncio
import time

from tasks.onward import Onward
from tasks.records import CHARGED
from tasks.work import Site, count_up, flaky, parse

GATEWAY_S = 0.005  # the payment provider's answer
MAIL_S = 0.002


def settle_charge(site: Site, seq: int, failures: int) -> None:
    """The provider's answer: refused so many times, then booked."""
    if failures:
        flaky(site, seq, failures)
    count_up(site, CHARGED, seq)


def way_on(site: Site) -> Onward:
    """What a step sends the next one with. Raises RuntimeError where the adapter has none."""
    if site.onward is None:
        raise RuntimeError("this framework's adapter lets no task send another")
    return site.onward


def validate(site: Site, seq: int, failures: int) -> None:
    """Parse a document of 16 kB."""
    parse(site, seq, 1)
    way_on(site).send(seq + 1, "charge", failures)


async def validate_async(site: Site, seq: int, failures: int) -> None:
    parse(site, seq, 1)
    await way_on(site).send_async(seq + 1, "charge", failures)


def charge(site: Site, seq: int, failures: int) -> None:
    """Wait for the provider; raises ``tasks.work.NotYet`` where it refuses."""
    time.sleep(GATEWAY_S)
    settle_charge(site, seq, failures)
    way_on(site).send(seq + 1, "email", failures)


async def charge_async(site: Site, seq: int, failures: int) -> None:
    await asyncio.sleep(GATEWAY_S)
    settle_charge(site, seq, failures)
    await way_on(site).send_async(seq + 1, "email", failures)


def email(site: Site, seq: int, failures: int) -> None:
    """Wait for the mail server."""
    time.sleep(MAIL_S)
    way_on(site).send(seq + 1, "inventory", failures)


async def email_async(site: Site, seq: int, failures: int) -> None:
    await asyncio.sleep(MAIL_S)
    await way_on(site).send_async(seq + 1, "inventory", failures)


def inventory(site: Site, seq: int, _failures: int) -> None:
    """Parse a document; the order is done."""
    parse(site, seq, 1)


async def inventory_async(site: Site, seq: int, failures: int) -> None:
    inventory(site, seq, failures)
