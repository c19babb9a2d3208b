from control_api.webhooks.schedule import retry_in_s

WAITS_S = (2.0, 4.0, 8.0, 16.0)


def test_five_attempts_wait_two_four_eight_and_sixteen_seconds() -> None:
    waits = [retry_in_s(n, WAITS_S, lambda: 0.0) for n in range(1, 6)]

    assert waits == [2.0, 4.0, 8.0, 16.0, None]


def test_chance_only_makes_a_wait_longer_by_at_most_a_fifth() -> None:
    chances = iter((0.0, 0.5, 0.999))
    waits = [retry_in_s(1, WAITS_S, lambda: next(chances)) for _ in range(3)]

    assert waits[0] == 2.0
    assert all(2.0 <= wait < 2.4 for wait in waits if wait is not None)
    assert waits == sorted(waits, key=lambda wait: wait or 0)


def test_without_waits_there_is_one_attempt() -> None:
    assert retry_in_s(1, (), lambda: 0.0) is None
