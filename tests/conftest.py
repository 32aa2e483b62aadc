"""What holds for all tests: how many examples hypothesis tries ("make deep" asks for its own profile); log lines."""

from hypothesis import settings

from tests.logs import plain_tracebacks

settings.register_profile("default", deadline=None)  # a busy machine is no failure
settings.register_profile("deep", deadline=None, max_examples=2000, stateful_step_count=100)
settings.load_profile("default")

plain_tracebacks()
