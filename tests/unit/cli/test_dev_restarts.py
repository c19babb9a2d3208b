from cli.dev.restarts import WINDOW_S, Restarts


def waits(*deaths: float) -> list[float | None]:
    """What is waited after each death of one part."""
    restarts = Restarts()
    return [restarts.wait_s(died_at) for died_at in deaths]


def test_the_first_death_is_followed_by_a_start_at_once() -> None:
    assert waits(1000.0) == [0.0]


def test_deaths_one_after_another_are_waited_after_ever_longer() -> None:
    assert waits(0.0, 1.0, 2.0, 3.0) == [0.0, 0.5, 1.0, 2.0]


def test_five_deaths_within_a_minute_are_too_many() -> None:
    assert waits(0.0, 10.0, 20.0, 30.0, WINDOW_S - 0.1)[-1] is None


def test_five_deaths_in_more_than_a_minute_are_not() -> None:
    assert waits(0.0, 10.0, 20.0, 30.0, WINDOW_S)[-1] == 2.0


def test_a_death_a_minute_is_always_followed_by_a_start_at_once() -> None:
    assert waits(*(number * WINDOW_S for number in range(20))) == [0.0] * 20


def test_what_died_too_often_may_be_asked_about_again_later() -> None:
    assert waits(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0 + WINDOW_S)[-3:] == [None, None, 0.0]
