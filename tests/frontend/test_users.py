"""Many people use one page's server, and none of them sees another's state."""

from __future__ import annotations

import asyncio

from tapedeck_page.sequence import random_rows
from tapedeck_sequences import as_bits, as_text
from tests.frontend.conftest import Json, Page, run

USERS = 20


def written(user: int) -> list[str]:
    """What a person types."""
    return random_rows(3 + user, 0.5, user)


async def compose(page: Page, user: int) -> Json:
    typed = {"way-in.value": "bits", "composer-bits.value": as_bits(written(user)), "composer-drawn.data": []}
    return await page.call("composer-text.value", "composer-bits.value", typed)


def test_what_people_write_at_once_stays_apart(page: Page) -> None:
    async def all_at_once() -> list[Json]:
        return await asyncio.gather(*(compose(page, user) for user in range(USERS)))

    for user, told in enumerate(run(all_at_once())):
        assert told["composer-drawn"]["data"] == written(user)
        assert told["composed"]["data"]["rows"] == written(user)
        assert told["composer-text"]["value"] == (as_text(written(user)) or "")


def test_what_one_person_writes_is_not_what_the_next_one_opens(page: Page) -> None:
    before = run(page.get("/_dash-layout"))
    run(compose(page, 7))
    assert run(page.get("/_dash-layout")) == before
