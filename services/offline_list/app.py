"""The offline list, wired. Put together here only."""

import os
import socket

from services.offline_list.delivering import Deliverer, places_of
from services.offline_list.making import Maker
from services.offline_list.passwords import read_passwords
from services.offline_list.rounds import OfflineLists
from services.offline_list.settings import OfflineListSettings
from services.tillsyn.ledger import Ledger


def maker(settings: OfflineListSettings, ledger: Ledger) -> Maker:
    """Makes lists; BadConfigurationError when a password is weak or cannot be read."""
    passwords = read_passwords(settings.offline_passwords, settings.offline_passwords_file)
    return Maker(ledger, passwords, settings.offline_language)


def offline_lists(settings: OfflineListSettings, ledger: Ledger, process: str = "") -> OfflineLists:
    """The loop; run it with `run`. BadConfigurationError when the lists would go nowhere, or a password is weak."""
    settings.require_a_place()
    return OfflineLists(
        ledger,
        maker(settings, ledger),
        Deliverer(ledger, places_of(settings)),
        before=settings.offline_before,
        interval=settings.offline_interval,
        keep_nights=settings.offline_keep_nights,
        process=process or f"{socket.gethostname()}:{os.getpid()}",
    )
