"""Both signatures, by hand."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import SecretStr

from control_api.request.json_text import compact
from control_api.webhooks.message import Message, payload_of
from store.outbox import WebhookEvent
from store.sealing import SealBroken, Sealer
from store.secrets import SecretBox, masked

ID = UUID("7c2b9e30-1d8a-4c5f-9b3d-2f4a6e8b1c2d")
OTHER = UUID("0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d")
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
AT = datetime(2026, 4, 19, 12, tzinfo=UTC)
BOX = SecretBox(Sealer(SecretStr("k" * 32)))


def headers(body: bytes = b'{"event":"x"}') -> dict[str, str]:
    return Message(ID, "voice_session.started", body).headers([SECRET], AT)


def test_the_signature_of_the_body_uses_the_whole_secret() -> None:
    expected = hmac.new(SECRET.encode(), b'{"event":"x"}', hashlib.sha256).hexdigest()

    assert headers()["X-CallMissed-Signature"] == f"sha256={expected}"


def test_the_standard_signature_covers_id_and_time_with_the_decoded_secret() -> None:
    signed = f'{ID}.{int(AT.timestamp())}.{{"event":"x"}}'.encode()
    expected = base64.b64encode(hmac.new(bytes(range(32)), signed, hashlib.sha256).digest())

    assert headers()["webhook-signature"] == f"v1,{expected.decode()}"


def test_a_secret_that_still_counts_signs_beside_the_present_one() -> None:
    earlier = "whsec_" + base64.b64encode(bytes(32)).decode()
    message = Message(ID, "voice_session.started", b"{}")
    each = [message.headers([one], AT)["webhook-signature"] for one in (SECRET, earlier)]

    both = message.headers([SECRET, earlier], AT)

    assert both["webhook-signature"] == " ".join(each)
    assert both["X-CallMissed-Signature"] == headers(b"{}")["X-CallMissed-Signature"]


def test_every_header_of_the_contract_is_there() -> None:
    sent = headers()

    assert sent["X-CallMissed-Event"] == "voice_session.started"
    assert sent["X-CallMissed-Delivery"] == sent["webhook-id"] == str(ID)
    assert sent["X-CallMissed-Timestamp"] == sent["webhook-timestamp"] == "1776600000"
    assert sent["Content-Type"] == "application/json"


def test_the_body_has_the_contracts_keys_in_its_order() -> None:
    data = {
        "metadata": {"नाम": "Asha"},
        "turn_count": 2,
        "total_audio_seconds": 3.5,
        "status": "completed",
        "session_id": str(ID),
        "end_reason": "api_delete",
        "duration_seconds": None,
        "bot_id": None,
    }
    body = compact(payload_of(WebhookEvent.ENDED, data, AT))

    payload = json.loads(body)
    assert list(payload) == ["event", "data", "timestamp"]
    assert (
        list(payload["data"])
        == (
            "session_id bot_id status end_reason duration_seconds turn_count total_audio_seconds "
            "metadata"
        ).split()
    )
    assert payload["timestamp"] == "2026-04-19T12:00:00.000Z"
    assert "नाम".encode() in body


def test_a_secret_is_32_random_bytes_behind_its_mark() -> None:
    first, second = BOX.make(ID), BOX.make(ID)

    assert first.plaintext.startswith("whsec_")
    assert len(base64.b64decode(first.plaintext.removeprefix("whsec_"))) == 32
    assert first.plaintext != second.plaintext
    assert first.plaintext.encode() not in first.sealed
    assert first.plaintext not in repr(first)


def test_a_secret_opens_for_its_owner_only() -> None:
    made = BOX.make(ID)

    assert BOX.open(made.sealed, ID) == made.plaintext
    with pytest.raises(SealBroken):
        BOX.open(made.sealed, OTHER)


def test_a_masked_secret_tells_its_last_four_characters_only() -> None:
    assert masked(SECRET) == f"whsec_…{SECRET[-4:]}"
