import random

from benchmarks.bad_link import JITTER_S, LOSS, Impairment

TARGET = 7


def sent(count: int) -> Impairment:
    link = Impairment(random.Random(0))
    for number in range(count):
        link.send(number.to_bytes(4, "big"), TARGET, now=0.0)
    return link


def test_two_packets_in_a_hundred_are_lost() -> None:
    arrived = list(sent(5000).due(now=1.0))
    assert abs(1 - len(arrived) / 5000 - LOSS) < 0.005


def test_each_is_late_by_another_time_up_to_the_jitter() -> None:
    link = sent(1000)
    early = len(list(link.due(now=JITTER_S / 2)))
    late = len(list(link.due(now=JITTER_S)))
    assert abs(early - late) < 100
    assert list(link.due(now=1.0)) == []


def test_the_next_arrival_is_waited_for_and_no_longer() -> None:
    link = Impairment(random.Random(0))
    assert link.wait_s(0.0) is None
    link.send(b"one", TARGET, now=5.0)
    wait_s = link.wait_s(5.0)
    assert wait_s is not None
    assert 0.0 < wait_s <= JITTER_S
    assert list(link.due(5.0 + wait_s)) == [(TARGET, b"one")]


def test_a_link_that_is_cut_loses_everything_until_it_is_mended() -> None:
    link = Impairment(random.Random(0), is_cut=True)
    for number in range(100):
        link.send(number.to_bytes(4, "big"), TARGET, now=0.0)
    assert list(link.due(now=1.0)) == []

    link.is_cut = False
    link.send(b"one", TARGET, now=1.0)
    assert list(link.due(now=2.0)) == [(TARGET, b"one")]
