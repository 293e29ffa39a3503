"""The words that more than one session takes: profiles, providers, brokers, variants, scenarios."""

from infrastructure.names import NAMES
from infrastructure.root import ROOT

PROFILES = ["matched", "default", "tuned"]
PROVIDERS = ["auto", "embedded", "native", "docker", "url"]
DURABILITY = ["production", "relaxed"]
# Of a framework's workers; the adapter says what they are.
VARIANTS = {
    "celery": ["threads", "solo", "results-redis", "results-database", "results-rpc"],
    "raw": ["early"],
    "taskiq": ["lists"],
}
# What an arm may take of its workers, each a number (tasks.spec.Spec).
TAKES = ["coroutines", "processes", "reserved", "results", "threads"]
BROKERS = list(NAMES)
ADDRESS = "BENCH_BROKER_URL"  # the variable of --broker-url
TOOLS = ["py-spy", "memray"]
SERIES = "series"
TRIES = "tries"  # asked of the harness by a series: whether a cell works


def scenario_names() -> list[str]:
    """Scenarios are the files of ``scenarios/``."""
    return sorted(p.stem for p in (ROOT / "scenarios").glob("[a-z]*.py"))


def query_names() -> list[str]:
    """Named queries are the files ``query_NAME.sql``."""
    files = (ROOT / "harness" / "report" / "sql" / "query").glob("query_*.sql")
    return sorted(p.stem.removeprefix("query_") for p in files)
