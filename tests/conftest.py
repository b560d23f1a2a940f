"""Settings of all tests."""

from hypothesis import settings

# A busy machine must not fail a property, and a failure must come back on the next run.
settings.register_profile("gridzoo", deadline=None, derandomize=True)
settings.load_profile("gridzoo")
