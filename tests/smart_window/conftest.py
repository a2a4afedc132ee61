"""The test plugin brings a `custom_components` of its own. Whoever is imported first wins: ours, before any hass."""

import custom_components  # noqa: F401
