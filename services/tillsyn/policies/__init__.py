"""What follows from what, across streams, one subject a file. Each runs in the transaction of its cause, so nothing can
fall in between; a policy sees every event that is about to be kept, those of other policies included.
"""

from services.tillsyn.ledger import Policy
from services.tillsyn.policies.alarms import alarms_follow
from services.tillsyn.policies.cameras import cameras_belong
from services.tillsyn.policies.cars import cars_that_stand
from services.tillsyn.policies.devices import devices_follow
from services.tillsyn.policies.found_dead import death_is_recorded
from services.tillsyn.policies.gone import nobody_is_asked_for_who_is_gone
from services.tillsyn.policies.incidents import incidents_policy
from services.tillsyn.policies.moving import visits_follow_who_moved
from services.tillsyn.policies.notices import notices_follow
from services.tillsyn.policies.paper import paper_follows
from services.tillsyn.policies.presence import carer_in_the_home
from services.tillsyn.policies.returning import returning
from services.tillsyn.policies.settling import homes_settle
from services.tillsyn.policies.signing_in import signing_in
from services.tillsyn.policies.signing_out import signing_out

POLICIES: tuple[Policy, ...] = (
    signing_in,
    cameras_belong,
    carer_in_the_home,
    cars_that_stand,
    death_is_recorded,
    incidents_policy,
    homes_settle,
    visits_follow_who_moved,
    nobody_is_asked_for_who_is_gone,
    alarms_follow,
    devices_follow,
    notices_follow,
    returning,
    signing_out,
    paper_follows,
)
"""Every policy. They do not depend on their order."""
