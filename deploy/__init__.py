"""Tools of who runs Smart Window: the broker's keys, a check of the settings, releases. Standard library alone."""
