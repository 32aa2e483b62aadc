"""SIGKILL of nats-server in the middle of a night: gateways go on and spool, the sweeper goes on, all catches up."""

from tests.chaos.holds import nothing_is_lost_and_nothing_twice
from tests.chaos.night import Night


async def test_nats_server_is_killed_while_somebody_looks(night: Night) -> None:
    async def gateway_spools() -> bool:
        return "wait to be sent" in await night.parts["gateway"].health()

    await night.until(night.half_done, "a slot is half done")
    await night.server.kill()
    await night.until(gateway_spools, "the gateway has made a check on its own")
    await night.server.start()

    await night.is_over()
    await nothing_is_lost_and_nothing_twice(night)
