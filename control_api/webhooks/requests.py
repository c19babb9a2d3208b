"""What requests about webhooks may hold."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from control_api.request.fields import Url
from control_api.request.pages import Page
from store.deliveries import DeliveryStatus
from store.outbox import SESSION_EVENTS, WebhookEvent


def _unique(events: list[WebhookEvent]) -> list[WebhookEvent]:
    return list(dict.fromkeys(events))


Events = Annotated[
    list[Annotated[WebhookEvent, Field(strict=False)]],
    Field(min_length=1, max_length=2 * len(WebhookEvent)),
    AfterValidator(_unique),
]


class CreateWebhook(BaseModel):
    """The body of a registration; without `events` the endpoint gets all of a session's."""

    model_config = ConfigDict(strict=True, frozen=True)

    url: Url
    events: Events = Field(default_factory=lambda: list(SESSION_EVENTS))
    is_active: bool = True


class ChangeWebhook(BaseModel):
    """The body of a change; what is absent stays as it is."""

    model_config = ConfigDict(strict=True, frozen=True)

    url: Url | None = None
    events: Events | None = None
    is_active: bool | None = None


class ListDeliveries(Page):
    """The query of a log of deliveries."""

    session_id: UUID | None = None
    status: DeliveryStatus | None = None
