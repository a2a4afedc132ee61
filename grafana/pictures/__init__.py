"""Pictures of the dashboards, drawn from their panels' own SQL: what they answer, where no Grafana can be run."""
