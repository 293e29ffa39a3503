"""docs/brokers.md says what each broker offers."""

from infrastructure import brokers
from infrastructure.names import NAMES
from infrastructure.root import ROOT


def test_the_page_about_brokers_says_what_they_offer() -> None:
    page = (ROOT / "docs" / "brokers.md").read_text().splitlines()
    tables = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page if "|" in line]
    for name in NAMES:
        providers, durability = (row for row in tables if row[0] == name)
        offered = brokers.service(name)
        columns = dict(zip(("embedded", "native", "docker"), providers[1:], strict=True))
        there = tuple(provider for provider, words in columns.items() if words != "–")
        assert there == brokers.providers_of(name)
        assert (durability[2] == "–") is (not offered.RELAXED)
        assert all(f"`{setting}`" in durability[2] for setting in offered.RELAXED)
