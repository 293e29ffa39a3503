"""A SQLAlchemy model to pass to a task, or whose id to pass: a row of about the size asked for.

Rows live in a SQLite file of the trial. SQLAlchemy is on the path of trials that want it only: a
framework that finds it installed imports it, and that would be part of every other start.
"""

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

FILE = "models.sqlite"
ROW = 1  # the id of the one row


class Base(DeclarativeBase):
    """Of the models here."""


class Customer(Base):
    """The model: two short columns and a long one."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    notes: Mapped[str]


@cache
def sessions(records: Path) -> Any:
    """A session factory of this process."""
    return sessionmaker(create_engine(f"sqlite:///{records / FILE}"), expire_on_commit=False)


@cache
def async_sessions(records: Path) -> Any:
    """The same for coroutines, of one event loop."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{records / FILE}")
    return async_sessionmaker(engine, expire_on_commit=False)


def prepare(records: Path, size: int) -> Customer:
    """Make the table and its row of about ``size`` bytes; the row as an object."""
    factory = sessions(records)
    Base.metadata.create_all(factory.kw["bind"])
    with factory.begin() as session:
        session.merge(Customer(id=ROW, name="customer 000001", notes="n" * size))
    return load(records, ROW)


def load(records: Path, key: int) -> Customer:
    """The row with that id. Raises LookupError."""
    with sessions(records)() as session:
        return found(session.get(Customer, key), key)


async def load_async(records: Path, key: int) -> Customer:
    async with async_sessions(records)() as session:
        return found(await session.get(Customer, key), key)


def found(customer: Customer | None, key: int) -> Customer:
    if customer is None:
        raise LookupError(f"no customer {key}")
    return customer


def check(customer: Any) -> None:
    """What the task does with it: read both columns. Raises ValueError when they are not there."""
    if not isinstance(customer, Customer) or customer.name != "customer 000001":
        raise ValueError(f"not the customer that was sent: {customer!r}")
    len(customer.notes)


def use(records: Path, arg: Any) -> None:
    """Of a task that was sent the object or its id."""
    check(load(records, arg) if isinstance(arg, int) else arg)


async def use_async(records: Path, arg: Any) -> None:
    check(await load_async(records, arg) if isinstance(arg, int) else arg)
