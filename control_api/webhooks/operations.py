"""What the routes of webhooks take and give."""

from functools import partial
from typing import Final

from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.errors import ErrorCode
from control_api.request.pages import Page
from control_api.webhooks.answers import (
    DefaultSecret,
    Delivery,
    Webhook,
    WebhookTest,
    WholeDelivery,
)
from control_api.webhooks.requests import ChangeWebhook, CreateWebhook, ListDeliveries

_PATH: Final = "/api/v1/webhooks"
_WEBHOOK: Final = f"{_PATH}/{{webhook_id}}"
_operation: Final = partial(Operation, tag="Webhooks", access=Access.ANYONE)


def _replay(path: str, name: str) -> Operation:
    return _operation(
        method="POST",
        path=f"{path}/{{delivery_id}}/replay",
        name=name,
        summary="Send it again, as a new delivery",
        answers=(json_answer(202, "It will be sent.", Delivery),),
    )


def _deliveries(path: str, whose: str) -> tuple[Operation, ...]:
    """The three routes of a log, which an endpoint has and the sessions' own URLs have."""
    return (
        _operation(
            method="GET",
            path=path,
            name=f"list_{whose}_deliveries",
            summary="List deliveries, newest first",
            query=ListDeliveries,
            answers=(list_answer("The page.", Delivery),),
        ),
        _operation(
            method="GET",
            path=f"{path}/{{delivery_id}}",
            name=f"get_{whose}_delivery",
            summary="Read a delivery with its payload and attempts",
            answers=(json_answer(200, "The delivery.", WholeDelivery),),
        ),
        _replay(path, f"replay_{whose}_delivery"),
    )


OPERATIONS: Final = (
    _operation(
        method="GET",
        path=_PATH,
        name="list_webhooks",
        summary="List endpoints",
        query=Page,
        answers=(list_answer("The page.", Webhook),),
    ),
    _operation(
        method="POST",
        path=_PATH,
        name="create_webhook",
        summary="Register an endpoint; its secret is told once",
        body=CreateWebhook,
        example={"url": "https://example.com/webhooks/voice", "events": ["voice_session.ended"]},
        answers=(json_answer(201, "Registered.", Webhook),),
        errors=frozenset({ErrorCode.INVALID_WEBHOOK_URL}),
    ),
    _operation(
        method="GET",
        path=f"{_PATH}/default-secret",
        name="get_default_secret",
        summary="Read the default secret, masked",
        answers=(json_answer(200, "The secret.", DefaultSecret),),
    ),
    _operation(
        method="POST",
        path=f"{_PATH}/default-secret/rotate",
        name="rotate_default_secret",
        summary="Make a new default secret; it is told once",
        answers=(json_answer(200, "The new secret.", DefaultSecret),),
    ),
    *_deliveries(f"{_PATH}/deliveries", "session"),
    _operation(
        method="GET",
        path=_WEBHOOK,
        name="get_webhook",
        summary="Read an endpoint",
        answers=(json_answer(200, "The endpoint.", Webhook),),
    ),
    _operation(
        method="PUT",
        path=_WEBHOOK,
        name="change_webhook",
        summary="Change an endpoint: the fields that the body names",
        body=ChangeWebhook,
        example={"is_active": False},
        answers=(json_answer(200, "Changed.", Webhook),),
        errors=frozenset({ErrorCode.INVALID_WEBHOOK_URL}),
    ),
    _operation(
        method="DELETE",
        path=_WEBHOOK,
        name="delete_webhook",
        summary="Delete an endpoint with its log and what waits for it",
        answers=(Answer(204, "Deleted."),),
    ),
    _operation(
        method="POST",
        path=f"{_WEBHOOK}/test",
        name="test_webhook",
        summary="Send a test event now; it is neither retried nor logged",
        answers=(json_answer(200, "What came of it.", WebhookTest),),
    ),
    _operation(
        method="POST",
        path=f"{_WEBHOOK}/rotate-secret",
        name="rotate_webhook_secret",
        summary="Make a new secret; it is told once",
        answers=(json_answer(200, "The endpoint with its new secret.", Webhook),),
    ),
    *_deliveries(f"{_WEBHOOK}/deliveries", "webhook"),
)
