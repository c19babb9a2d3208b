"""The autoscaler's published algorithm, step by step."""

from benchmarks.autoscaler.scaler import SYNC_S, Knobs, Policy, Rules, Scaler

FREE_UP = Rules(0.0, (Policy("Percent", 100, 15.0), Policy("Pods", 4, 15.0)))
FREE_DOWN = Rules(0.0, (Policy("Percent", 100, 15.0),))
KNOBS = Knobs(target=5, least=1, most=100, up=FREE_UP, down=FREE_DOWN)


def scaler(**knobs: object) -> Scaler:
    return Scaler(Knobs(**{**vars(KNOBS), **knobs}))


def test_pods_are_wanted_for_the_sessions_that_there_are() -> None:
    assert scaler().decide(0, metric=32, replicas=4) == 7


def test_a_tenth_more_or_less_changes_nothing() -> None:
    assert scaler().decide(0, metric=54, replicas=10) == 10
    assert scaler().decide(0, metric=46, replicas=10) == 10
    assert scaler().decide(0, metric=56, replicas=10) == 12


def test_there_are_never_fewer_or_more_than_allowed() -> None:
    bounds = scaler(least=3, most=6)
    assert bounds.decide(0, metric=0, replicas=4) == 3
    assert bounds.decide(15, metric=500, replicas=4) == 6


def test_four_more_or_twice_as_many_at_a_time() -> None:
    assert scaler().decide(0, metric=500, replicas=2) == 6
    assert scaler().decide(0, metric=500, replicas=20) == 40


def test_what_was_added_in_a_period_counts_against_its_policy() -> None:
    up = Rules(0.0, (Policy("Pods", 4, 60.0),))
    slow = scaler(up=up)
    steps = [2]
    for step in range(5):
        steps.append(slow.decide(step * SYNC_S, metric=500, replicas=steps[-1]))
    assert steps == [2, 6, 6, 6, 6, 10]


def test_on_the_way_down_the_most_of_a_window_counts() -> None:
    patient = scaler(down=Rules(60.0, FREE_DOWN.policies))
    wanted = [patient.decide(at, metric, 10) for at, metric in ((0, 50), (30, 10), (60, 10))]
    assert wanted == [10, 10, 10]
    assert patient.decide(75, metric=10, replicas=10) == 2


def test_down_goes_as_far_as_the_freest_policy_lets_it() -> None:
    down = Rules(0.0, (Policy("Percent", 5, 60.0), Policy("Pods", 1, 60.0)))
    assert scaler(down=down).decide(0, metric=0, replicas=10) == 9
    assert scaler(down=down).decide(0, metric=0, replicas=100) == 95
