"""How many requests of a tenant there may be at once."""

from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from control_api.request.at_hand import AtHand
from control_api.request.errors import ApiError
from store.records import TenantId

A, B = TenantId(uuid4()), TenantId(uuid4())


def taken(at_hand: AtHand, whose: TenantId) -> web.Request:
    request = make_mocked_request("GET", "/")
    at_hand.take(request, whose)
    return request


def test_one_too_many_is_refused_and_another_tenants_is_not() -> None:
    at_hand = AtHand(2)
    for _ in range(2):
        taken(at_hand, A)
    with pytest.raises(ApiError) as refused:
        taken(at_hand, A)
    assert refused.value.code == "too_many_concurrent_requests"
    assert refused.value.headers["Retry-After"] == "1"
    taken(at_hand, B)


def test_one_that_is_let_go_makes_room_for_one_however_often_it_is_said() -> None:
    at_hand = AtHand(2)
    first, _ = taken(at_hand, A), taken(at_hand, A)
    for _ in range(3):
        at_hand.let_go(first)
    taken(at_hand, A)
    with pytest.raises(ApiError):
        taken(at_hand, A)


def test_what_was_refused_or_never_counted_lets_nothing_go() -> None:
    at_hand = AtHand(1)
    taken(at_hand, A)
    refused = make_mocked_request("GET", "/")
    with pytest.raises(ApiError):
        at_hand.take(refused, A)
    at_hand.let_go(refused)
    with pytest.raises(ApiError):
        taken(at_hand, A)
