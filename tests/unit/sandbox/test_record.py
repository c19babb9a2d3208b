from sandbox.record import Requests


def test_keys_are_not_kept() -> None:
    received = Requests().open(
        "/v1/models", {}, {"API-Subscription-Key": "sk-1", "Authorization": "Bearer x", "A": "b"}
    )

    assert received.headers == {"api-subscription-key": "***", "authorization": "***", "a": "b"}


def test_old_requests_and_messages_make_room() -> None:
    requests = Requests()
    for number in range(1100):
        requests.open(f"/{number}", {}, {})
    last = requests.open("/last", {}, {})
    for number in range(700):
        last.add("text", number)

    assert len(requests) == 1000
    assert next(iter(requests)).path == "/101"
    assert (last.counts["text"], last.details("text")[0]) == (700, 200)


def test_audio_is_counted_not_kept() -> None:
    received = Requests().open("/", {}, {})
    received.add_audio(640)
    received.add_audio(640)

    assert (received.audio_bytes, received.counts["audio"], len(received.messages)) == (1280, 2, 0)
