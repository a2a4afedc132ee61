"""Hypothesis for all rooms: no deadline per example, since how fast a machine is just now proves nothing.

The usual run draws the same examples each time, so that a red test is red for everybody. `HYPOTHESIS_PROFILE=nightly`
draws new ones, and the long tests many more.
"""

import os

from hypothesis import settings

settings.register_profile("usual", deadline=None, derandomize=True)
settings.register_profile("nightly", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))
