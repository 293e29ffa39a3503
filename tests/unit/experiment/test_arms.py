"""Which brokers the hosts of a trial can reach."""

import pytest

from harness.experiment.arms import check_reach
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.hosts.host import ALL_HERE, Host, Places

FAR = Host("netns:b", "10.0.0.2")


def test_a_broker_that_listens_here_only_is_no_broker_of_other_hosts() -> None:
    with pytest.raises(UsageError, match="postgresql of embedded listens on this host only"):
        check_reach(BrokerChoice("postgresql", "embedded"), Places(worker=FAR))
    check_reach(BrokerChoice("postgresql", "embedded"), ALL_HERE)
    check_reach(BrokerChoice("postgresql", "url", "postgresql://h/d"), Places(worker=FAR))
    check_reach(BrokerChoice("redis", "embedded"), Places(broker=FAR))


def test_a_given_server_is_where_it_is() -> None:
    with pytest.raises(UsageError, match="leave broker= out"):
        check_reach(BrokerChoice("redis", "url", "redis://h:1/0"), Places(broker=FAR))
