"""What the audit's route gives."""

from typing import Final

from control_api.audit.answers import Entry
from control_api.openapi.operation import Access, Operation, list_answer
from control_api.request.pages import Page

OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/v1/audit",
        tag="Audit",
        name="list_audit_entries",
        summary="List who did what: keys, webhooks, bots, listening in, erasing, secrets, money",
        access=Access.PERSON,
        query=Page,
        answers=(list_answer("The page.", Entry),),
    ),
)
