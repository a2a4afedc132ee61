"""The Grafana dashboards: built from Python and SQL files into JSON that Grafana loads."""
