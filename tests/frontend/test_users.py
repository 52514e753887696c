"""Many people use one page's server, and none of them sees another's state."""

from __future__ import annotations

import asyncio
import base64

from tests.frontend.conftest import Json, Page, run
from tests.rows import random_rows

USERS = 20


def written(user: int) -> list[str]:
    """What a person hands over."""
    return random_rows(3 + user, 0.5, user)


async def read(page: Page, user: int) -> Json:
    data = " ".join(written(user)).encode()
    contents = f"data:text/plain;base64,{base64.b64encode(data).decode()}"
    handed = {"name": f"{user}.txt", "size": len(data), "contents": contents, "turn": user, "bits": 8}
    return await page.call("composer-found.data", "composer-file.data", {"composer-file.data": handed})


def test_what_people_hand_over_at_once_stays_apart(page: Page) -> None:
    async def all_at_once() -> list[Json]:
        return await asyncio.gather(*(read(page, user) for user in range(USERS)))

    for user, told in enumerate(run(all_at_once())):
        found = told["composer-found"]["data"]
        assert (found["rows"], found["turn"]) == (written(user), user)
        assert f"{user}.txt" in found["said"]


def test_what_one_person_hands_over_is_not_what_the_next_one_opens(page: Page) -> None:
    before = run(page.get("/_dash-layout"))
    run(read(page, 7))
    assert run(page.get("/_dash-layout")) == before
