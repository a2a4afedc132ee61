"""Hypothesis for all rooms: no deadline per example, since how fast a machine is just now proves nothing.

The usual run draws the same examples each time, so that a red test is red for everybody. `HYPOTHESIS_PROFILE=nightly`
draws new ones, and the long tests many more. `mutation` is the usual run without the search for the smallest example.
"""

import os

from hypothesis import Phase, settings

settings.register_profile("usual", deadline=None, derandomize=True)
settings.register_profile("nightly", deadline=None)
settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))
