"""The sender: takes due deliveries out of the outbox, attempts them, writes down what came of it.

Any number of processes run one each: a delivery is leased to one of them at a time. The lease is
longer than an attempt can last, so an attempt is made twice only if its process died, or the
database was away, before the outcome was written.

    lease ──▶ attempts, one task each (at most `concurrency`) ──▶ outcomes ──▶ settle, in batches
      ▲ every `poll_s`, and as soon as something is settled                       │
      └───────────────────────────────────────────────────────────────────────────┘
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from control_api.request.json_text import compact
from control_api.webhooks.courier import Attempt, AttemptError, Courier
from control_api.webhooks.crowd import Crowd
from control_api.webhooks.message import Message, payload_of
from control_api.webhooks.schedule import retry_in_s
from core.errors import StoreError, StoreUnavailable
from core.metrics import WEBHOOK_ATTEMPTS, WEBHOOK_SECONDS
from core.setting_groups import WebhookSettings
from core.supervision import Health, kept_up, looked, stop_tasks, tell_end
from store.outbox import LeasedDelivery, OutboxRepository, Outcome
from store.pool import Database
from store.sealing import SealBroken
from store.secrets import SecretBox
from store.webhooks import WebhookRepository

_log: Final = logging.getLogger(__name__)

# Beyond an attempt's own time: for what waits in this process, and to write the outcome.
_LEASE_MARGIN_S: Final = 10.0
_BATCH: Final = 32
# So many fill the free places: between two of them is seen who has enough.
_BATCHES: Final = 4
_LEASE_PAUSE_S: Final = 0.02
_RETRY_PAUSE_S: Final = 1.0
_LANDING_S: Final = 3.0
_LOGGED: Final = {
    "succeeded": (logging.INFO, "webhook.succeeded"),
    "retried": (logging.INFO, "webhook.retried"),
    "failed": (logging.WARNING, "webhook.failed"),
}


@dataclass(frozen=True, slots=True)
class SenderParts:
    """What a sender works with; their owner closes them."""

    database: Database
    courier: Courier
    secrets: SecretBox


class Sender:
    """One process's sender; use `running`."""

    def __init__(self, parts: SenderParts, settings: WebhookSettings) -> None:
        self._parts = parts
        self._settings = settings
        self._flying: dict[asyncio.Task[None], LeasedDelivery] = {}
        self._crowd = Crowd()
        # Never holds more than `concurrency`: a place in the air is free once its outcome is kept.
        self._outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        self._places = settings.concurrency
        self._moved = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def running(
        cls, parts: SenderParts, settings: WebhookSettings, *, health: Health | None = None
    ) -> AsyncIterator[Self]:
        """Send while the block lasts; leaving gives attempts under way a moment to come home."""
        sender = cls(parts, settings)
        async with AsyncExitStack() as stack:
            settling = kept_up("webhook-settle", sender._settle_all, health=health)
            await stack.enter_async_context(settling)
            stack.push_async_callback(sender._land)
            leasing = kept_up("webhook-lease", sender._lease_all, health=health)
            await stack.enter_async_context(leasing)
            yield sender

    async def _lease_all(self) -> None:
        while True:
            self._moved.clear()
            try:
                found, wanted = await self._lease_some()
                looked("webhook-lease")
            except StoreUnavailable as exc:
                _log.warning("webhooks.waiting", extra={"reason": str(exc)})
                await asyncio.sleep(_RETRY_PAUSE_S)
                continue
            if found < wanted or not wanted:
                await self._rest()

    async def _rest(self) -> None:
        """Until something is settled, or it is time to look again; a moment at least."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll_s):
                await self._moved.wait()
        await asyncio.sleep(_LEASE_PAUSE_S)

    async def _lease_some(self) -> tuple[int, int]:
        """How many deliveries took off, and for how many there was room."""
        if not self._places:
            return 0, 0
        wanted = min(_BATCH, -(-self._places // _BATCHES))
        crowding = self._crowd.crowding(self._places)
        lease_s = self._settings.timeout_s + _LEASE_MARGIN_S
        async with self._parts.database.connection() as connection:
            outbox = OutboxRepository(connection)
            leased = await outbox.lease(wanted, lease_s=lease_s, but=crowding)
        for delivery in leased:
            self._take_off(delivery)
        return len(leased), wanted

    def _take_off(self, delivery: LeasedDelivery) -> None:
        self._places -= 1
        self._crowd.add(delivery)
        task = asyncio.create_task(self._fly(delivery), name="webhook-attempt")
        self._flying[task] = delivery
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        delivery = self._flying.pop(task)
        self._crowd.remove(delivery)
        if not task.cancelled() and task.exception() is None:
            return
        # Its lease runs out, and it is attempted again.
        self._places += 1
        if not task.cancelled():
            _tell_broken(task)

    async def _fly(self, delivery: LeasedDelivery) -> None:
        try:
            secrets = await self._secrets_of(delivery)
        except SealBroken:
            attempt = Attempt(datetime.now(UTC), 0, error=AttemptError.SECRET_LOST)
        else:
            message = Message(
                delivery.id,
                delivery.event,
                compact(payload_of(delivery.event, delivery.data, delivery.occurred_at)),
            )
            attempt = await self._parts.courier.attempt(delivery.url, message, secrets)
        self._outcomes.put_nowait(self._judged(delivery, attempt))

    async def _secrets_of(self, delivery: LeasedDelivery) -> Sequence[str]:
        secrets, owner = self._parts.secrets, delivery.target
        if delivery.sealed_secret is not None:
            return secrets.signing(delivery.sealed_secret, delivery.previous_sealed_secret, owner)
        fresh = secrets.make(owner).sealed
        async with self._parts.database.connection() as connection:
            kept = await WebhookRepository(connection).default_secret(delivery.tenant_id, fresh)
        return secrets.signing(kept.sealed_secret, kept.previous_sealed_secret, owner)

    def _judged(self, delivery: LeasedDelivery, attempt: Attempt) -> Outcome:
        wait_s = None
        if attempt.error is not None:
            waits_s = self._settings.retry_waits_s
            wait_s = retry_in_s(delivery.attempts + 1, waits_s, random.random)
        _tell(delivery, attempt, is_last=wait_s is None)
        return Outcome(
            delivery_id=delivery.id,
            lease_id=delivery.lease_id,
            attempted_at=attempt.attempted_at,
            latency_ms=attempt.latency_ms,
            status_code=attempt.status_code,
            error=attempt.error,
            retry_in_s=wait_s,
        )

    async def _settle_all(self) -> None:
        while True:
            batch = [await self._outcomes.get()]
            while not self._outcomes.empty():
                batch.append(self._outcomes.get_nowait())
            try:
                await self._settle(batch)
            finally:
                self._places += len(batch)
                for _ in batch:
                    self._outcomes.task_done()
            self._moved.set()

    async def _settle(self, batch: Sequence[Outcome]) -> None:
        while True:
            try:
                async with self._parts.database.connection() as connection:
                    settled = await OutboxRepository(connection).settle(
                        batch, disable_after=self._settings.disable_after
                    )
                for webhook_id in settled.disabled:
                    _log.warning("webhook.disabled", extra={"webhook_id": str(webhook_id)})
                return
            except StoreUnavailable as exc:
                _log.warning(
                    "webhooks.outcomes_waiting", extra={"n": len(batch), "reason": str(exc)}
                )
                await asyncio.sleep(_RETRY_PAUSE_S)
            except StoreError as exc:
                # Their leases run out, and they are attempted again.
                extra = {"n": len(batch), "error": type(exc).__name__}
                _log.error("webhooks.outcomes_lost", extra=extra)
                return

    async def _land(self) -> None:
        """Wait for attempts and their outcomes, then give back what did not come home in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LANDING_S):
                if self._flying:
                    await asyncio.wait(self._flying)
                await self._outcomes.join()
        late = dict(self._flying)
        if not late:
            return
        await stop_tasks(late, within_s=_LANDING_S)
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(_LANDING_S), self._parts.database.connection() as connection:
                await OutboxRepository(connection).release(list(late.values()))


def _tell(delivery: LeasedDelivery, attempt: Attempt, *, is_last: bool) -> None:
    """Counted and logged; the URL may hold a token, so it is not said."""
    outcome = "succeeded" if attempt.error is None else "failed" if is_last else "retried"
    WEBHOOK_ATTEMPTS.labels(outcome).inc()
    WEBHOOK_SECONDS.observe(attempt.latency_ms / 1000)
    level, name = _LOGGED[outcome]
    extra = {
        "delivery_id": str(delivery.id),
        "session_id": str(delivery.session_id),
        "webhook_event": delivery.event.value,
        "attempt": delivery.attempts + 1,
        "status_code": attempt.status_code,
        "error": attempt.error,
        "duration_ms": attempt.latency_ms,
    }
    _log.log(level, name, extra=extra)


def _tell_broken(task: asyncio.Task[None]) -> None:
    error = task.exception()
    if isinstance(error, StoreError):
        _log.warning("webhooks.waiting", extra={"reason": str(error)})
    else:
        tell_end(task.get_name(), error)
