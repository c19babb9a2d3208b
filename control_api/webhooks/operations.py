"""What the routes of webhooks take and give."""

from typing import Final

from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.errors import ErrorCode
from control_api.request.parsing import Page
from control_api.webhooks.answers import (
    DefaultSecret,
    Delivery,
    Webhook,
    WebhookTest,
    WholeDelivery,
)
from control_api.webhooks.requests import ChangeWebhook, CreateWebhook, ListDeliveries

_TAG: Final = "Webhooks"
_PATH: Final = "/api/v1/webhooks"
_WEBHOOK: Final = f"{_PATH}/{{webhook_id}}"


def _replay(path: str, name: str) -> Operation:
    return Operation(
        method="POST",
        path=f"{path}/{{delivery_id}}/replay",
        tag=_TAG,
        name=name,
        summary="Send it again, as a new delivery",
        access=Access.ANYONE,
        answers=(json_answer(202, "It will be sent.", Delivery),),
    )


def _deliveries(path: str, whose: str) -> tuple[Operation, ...]:
    """The three routes of a log, which an endpoint has and the sessions' own URLs have."""
    return (
        Operation(
            method="GET",
            path=path,
            tag=_TAG,
            name=f"list_{whose}_deliveries",
            summary="List deliveries, newest first",
            access=Access.ANYONE,
            query=ListDeliveries,
            answers=(list_answer("The page.", Delivery),),
        ),
        Operation(
            method="GET",
            path=f"{path}/{{delivery_id}}",
            tag=_TAG,
            name=f"get_{whose}_delivery",
            summary="Read a delivery with its payload and attempts",
            access=Access.ANYONE,
            answers=(json_answer(200, "The delivery.", WholeDelivery),),
        ),
        _replay(path, f"replay_{whose}_delivery"),
    )


OPERATIONS: Final = (
    Operation(
        method="GET",
        path=_PATH,
        tag=_TAG,
        name="list_webhooks",
        summary="List endpoints",
        access=Access.ANYONE,
        query=Page,
        answers=(list_answer("The page.", Webhook),),
    ),
    Operation(
        method="POST",
        path=_PATH,
        tag=_TAG,
        name="create_webhook",
        summary="Register an endpoint; its secret is told once",
        access=Access.ANYONE,
        body=CreateWebhook,
        example={"url": "https://example.com/webhooks/voice", "events": ["voice_session.ended"]},
        answers=(json_answer(201, "Registered.", Webhook),),
        errors=frozenset({ErrorCode.INVALID_WEBHOOK_URL}),
    ),
    Operation(
        method="GET",
        path=f"{_PATH}/default-secret",
        tag=_TAG,
        name="get_default_secret",
        summary="Read the default secret, masked",
        access=Access.ANYONE,
        answers=(json_answer(200, "The secret.", DefaultSecret),),
    ),
    Operation(
        method="POST",
        path=f"{_PATH}/default-secret/rotate",
        tag=_TAG,
        name="rotate_default_secret",
        summary="Make a new default secret; it is told once",
        access=Access.ANYONE,
        answers=(json_answer(200, "The new secret.", DefaultSecret),),
    ),
    *_deliveries(f"{_PATH}/deliveries", "session"),
    Operation(
        method="GET",
        path=_WEBHOOK,
        tag=_TAG,
        name="get_webhook",
        summary="Read an endpoint",
        access=Access.ANYONE,
        answers=(json_answer(200, "The endpoint.", Webhook),),
    ),
    Operation(
        method="PUT",
        path=_WEBHOOK,
        tag=_TAG,
        name="change_webhook",
        summary="Change an endpoint: the fields that the body names",
        access=Access.ANYONE,
        body=ChangeWebhook,
        example={"is_active": False},
        answers=(json_answer(200, "Changed.", Webhook),),
        errors=frozenset({ErrorCode.INVALID_WEBHOOK_URL}),
    ),
    Operation(
        method="DELETE",
        path=_WEBHOOK,
        tag=_TAG,
        name="delete_webhook",
        summary="Delete an endpoint with its log and what waits for it",
        access=Access.ANYONE,
        answers=(Answer(204, "Deleted."),),
    ),
    Operation(
        method="POST",
        path=f"{_WEBHOOK}/test",
        tag=_TAG,
        name="test_webhook",
        summary="Send a test event now; it is neither retried nor logged",
        access=Access.ANYONE,
        answers=(json_answer(200, "What came of it.", WebhookTest),),
    ),
    Operation(
        method="POST",
        path=f"{_WEBHOOK}/rotate-secret",
        tag=_TAG,
        name="rotate_webhook_secret",
        summary="Make a new secret; it is told once",
        access=Access.ANYONE,
        answers=(json_answer(200, "The endpoint with its new secret.", Webhook),),
    ),
    *_deliveries(f"{_WEBHOOK}/deliveries", "webhook"),
)
