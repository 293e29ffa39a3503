"""The configuration of Prometheus and Grafana, as code: ``python -m infrastructure.dashboards``.

Writes ``prometheus/`` and ``grafana/`` beside this folder; a test holds the files to what it
writes. Everything is on the loopback interface, where a bench serves its metrics
(``--metrics-port``): in containers too, so both take the host's network.
"""
