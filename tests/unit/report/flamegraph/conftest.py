"""A database of made-up stacks, made once."""

import pytest

from tests.made.flames import Known, make_known


@pytest.fixture(scope="package")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """Only to be read."""
    return make_known(tmp_path_factory.mktemp("flame"))
