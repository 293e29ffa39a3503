"""Which brokers the hosts of a trial can reach."""

import pytest

from harness.experiment.arms import check_reach
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.hosts.host import ALL_HERE, Host, Places

FAR = Host("netns:b", "10.0.0.2")


def test_a_broker_that_listens_here_only_is_no_broker_of_other_hosts() -> None:
    with pytest.raises(UsageError, match="sqs of embedded listens on this host only"):
        check_reach(BrokerChoice("sqs", "embedded"), Places(workers=(FAR,)))
    check_reach(BrokerChoice("sqs", "embedded"), ALL_HERE)
    with pytest.raises(UsageError, match="redis of docker listens on this host only"):
        check_reach(BrokerChoice("redis", "docker"), Places(workers=(FAR,)))
    check_reach(BrokerChoice("postgresql", "url", "postgresql://h/d"), Places(workers=(FAR,)))
    for name, provider in (("redis", "embedded"), ("postgresql", "embedded"), ("mysql", "native")):
        check_reach(BrokerChoice(name, provider), Places(broker=FAR))


def test_a_given_server_is_where_it_is() -> None:
    with pytest.raises(UsageError, match="leave broker= out"):
        check_reach(BrokerChoice("redis", "url", "redis://h:1/0"), Places(broker=FAR))
