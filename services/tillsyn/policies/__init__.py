"""What follows from what, across streams, one subject a file. Each runs in the transaction of its cause, so nothing can
fall in between; a policy sees every event that is about to be kept, those of other policies included.
"""

from services.tillsyn.ledger import Policy

POLICIES: tuple[Policy, ...] = ()
"""Every policy. They do not depend on their order."""
