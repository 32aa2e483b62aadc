"""What follows from what, across streams, one subject a file. Each runs in the transaction of its cause, so nothing can
fall in between; a policy sees every event that is about to be kept, those of other policies included.
"""

from services.tillsyn.ledger import Policy
from services.tillsyn.policies.handover import handover
from services.tillsyn.policies.signing_in import signing_in

POLICIES: tuple[Policy, ...] = (signing_in, handover)
"""Every policy. They do not depend on their order."""
