"""The service as the page's own server sees it: its HTTP contract, nothing else."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx


class ServiceAway(Exception):
    """The service does not answer, or not as its contract says."""


class ServiceClient:
    """Asks the service. Holds one connection pool; safe to share between callbacks.

    Args:
        base_url: where the service is.
        timeout: seconds.
        transport: for a service in the same process; None goes over the network.
    """

    def __init__(self, base_url: str, timeout: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base_url, self._timeout, self._transport = base_url, timeout, transport

    async def checkpoints(self) -> list[dict[str, Any]]:
        """GET /api/checkpoints: every machine that the service has, the best default first.

        Raises:
            ServiceAway: no answer in time, or another answer than the contract's.
        """
        return await self._list("/api/checkpoints", "machines")

    async def tasks(self) -> list[dict[str, Any]]:
        """GET /api/tasks: what machines can be run on.

        Raises:
            ServiceAway: no answer in time, or another answer than the contract's.
        """
        return await self._list("/api/tasks", "tasks")

    async def evaluation(self, checkpoint: str) -> dict[str, Any] | None:
        """GET /api/checkpoints/{id}/evaluation: what was counted of a machine, or an error; None where nothing was.

        Raises:
            ServiceAway: no answer in time, or another answer than the contract's.
        """
        path = f"/api/checkpoints/{quote(checkpoint, safe='')}/evaluation"
        told = f"The service at {self._base_url} did not say what was counted of {checkpoint}"
        answer = await self._json(path, told)
        if answer is not None and not isinstance(answer, dict):
            raise ServiceAway(f"{told}.")
        return answer

    async def training(self) -> dict[str, Any] | None:
        """GET /api/training: its jobs and the default recipe, or an error; None where the service does not train.

        Raises:
            ServiceAway: no answer in time, or another answer than the contract's.
        """
        told = f"The service at {self._base_url} did not say what it trains"
        answer = await self._json("/api/training", told, nothing=httpx.codes.FORBIDDEN)
        if answer is not None and not isinstance(answer, dict):
            raise ServiceAway(f"{told}.")
        return answer

    async def _json(self, path: str, told: str, nothing: int | None = None) -> Any:
        """What it answers, an error too; None where it answers with the status `nothing`."""
        try:
            answer = await self._get(path)
            return None if answer.status_code == nothing else answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceAway(f"{told}: {error}") from error

    async def _list(self, path: str, of: str) -> list[dict[str, Any]]:
        told = f"The service at {self._base_url} did not send its list of {of}"
        try:
            answer = await self._get(path)
            listed = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceAway(f"{told}: {error}") from error
        if not isinstance(listed, list):
            raise ServiceAway(f"{told}.")
        return listed

    async def _get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self._base_url, timeout=self._timeout, transport=self._transport) as http:
            return await http.get(path)
