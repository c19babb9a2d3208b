"""Every refusal in one envelope."""

import pytest

from control_api.request.envelope import error_response
from control_api.request.errors import ApiError, ErrorCode, invalid_field, known, not_found
from core.errors import NotFoundError


def body(error: ApiError) -> bytes:
    shown = error_response(error, "r-1").body
    assert isinstance(shown, bytes)
    return shown


def test_an_error_names_the_field_at_fault_only_where_one_is() -> None:
    assert body(not_found("bot", param="bot_id")) == (
        b'{"error":{"message":"No such bot.","type":"invalid_request_error","code":"not_found",'
        b'"param":"bot_id","request_id":"r-1"}}'
    )
    assert b'"param"' not in body(not_found("bot"))


def test_a_422_lists_every_problem_behind_the_error() -> None:
    assert body(invalid_field("tools.0.url", "URL must be https", "url_not_https")) == (
        b'{"error":{"message":"tools.0.url: URL must be https","type":"invalid_request_error",'
        b'"code":"validation_error","param":"tools.0.url","request_id":"r-1"},'
        b'"detail":[{"loc":["body","tools",0,"url"],"msg":"URL must be https",'
        b'"type":"url_not_https"}]}'
    )


def test_an_errors_own_headers_go_with_those_of_the_answer() -> None:
    error = ApiError(ErrorCode.RATE_LIMIT_EXCEEDED, "Later.", headers={"Retry-After": "7"})

    answer = error_response(error, "r-1", {"Server": "vaarta"})

    assert (answer.headers["Retry-After"], answer.headers["Server"]) == ("7", "vaarta")
    assert answer.status == 429


def test_a_row_that_is_not_found_is_a_404_about_what_was_asked_for() -> None:
    with pytest.raises(ApiError) as refused, known("key"):
        raise NotFoundError("a row")

    assert (refused.value.message, refused.value.code.status) == ("No such key.", 404)
