"""Proof of life: who leaves it, when, and what a watchdog is told."""

import asyncio
import json
from datetime import datetime

from services.tillsyn import recipient as recipients
from services.tillsyn.alive import PLANNER, SWEEPER, proofs_of_life, prove_life
from services.watchdog.asking import parse
from tests.builders import RECIPIENT, at, seconds
from tests.services.tillsyn.house import INTERVAL, House, register_home
from tests.services.tillsyn.tamper import spoil


async def test_a_service_that_never_swept_tells_its_time_and_no_proof(house: House) -> None:
    assert await proofs_of_life(house.ledger) == {"now": at("12:30").isoformat(), "sweeper": None, "planner": None}


async def test_the_newest_proof_is_told_whichever_process_left_it(house: House, another: House) -> None:
    await prove_life(house.ledger, SWEEPER, "one", at("12:29:10"))
    await prove_life(another.ledger, SWEEPER, "two", at("12:29:55"))
    await prove_life(house.ledger, PLANNER, "one", at("12:29:00"))

    told = await proofs_of_life(house.ledger)

    assert (told["sweeper"], told["planner"]) == (at("12:29:55").isoformat(), at("12:29:00").isoformat())


async def test_what_is_told_is_what_the_watchdog_understands(house: House) -> None:
    await prove_life(house.ledger, SWEEPER, "one", at("12:29:50"))

    proofs = parse(json.dumps(await proofs_of_life(house.ledger)).encode()).proofs

    assert {name: proof.age for name, proof in proofs.items()} == {"sweeper": seconds(10)}


async def test_the_planner_proves_life_each_interval_even_if_somebody_cannot_be_planned(house: House, url: str) -> None:
    await register_home(house)
    spoil(url, recipients.stream_of(RECIPIENT))

    async def run() -> None:
        await house.clock.sleep_until(house.clock.now())
        await house.planner.run()

    running = asyncio.create_task(run())
    await asyncio.sleep(0)
    try:
        await house.time("13:35")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    proven = (await proofs_of_life(house.ledger))["planner"]
    assert proven is not None
    assert at("13:35") - INTERVAL <= datetime.fromisoformat(proven) <= at("13:35")
