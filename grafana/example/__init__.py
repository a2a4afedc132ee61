"""A simulated house over some days, as rows of the record: what the dashboards are tested with and drawn from."""
