"""What rows say of the arm that they are of."""

from typing import Protocol


class OfCell(Protocol):
    """What tells arms apart."""

    @property
    def framework(self) -> str: ...
    @property
    def framework_version(self) -> str: ...
    @property
    def variant(self) -> str: ...
    @property
    def python_version(self) -> str: ...
    @property
    def broker(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def topology_profile(self) -> str: ...


class OfArm(OfCell, Protocol):
    """An arm in an experiment and scenario."""

    @property
    def experiment_id(self) -> str: ...
    @property
    def scenario(self) -> str: ...
