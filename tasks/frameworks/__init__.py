"""One adapter per framework; see tasks/adapter.py for what an adapter must offer."""
