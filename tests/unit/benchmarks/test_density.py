from benchmarks.density import Cost, Density
from benchmarks.density_calls import Held, Media
from benchmarks.result import read_environment
from benchmarks.usage import Memory, Work

BEFORE = Memory(100.0, 200.0, 2, 8, 40)
DURING = Memory(180.0, 400.0, 4, 40, 160)


def cost(system: str, *, cpu_s: float) -> Cost:
    work = Work(cpu_s, 2400, {"python": cpu_s})
    return Cost(system, 4, 30.0, BEFORE, Held(Media(6.0, 20.0, 30.0), work, DURING))


def test_a_session_costs_its_share_of_what_all_cost() -> None:
    ours = cost("vaarta", cpu_s=10.0)
    assert ours.cpu_s_a_minute == 5.0
    assert ours.pss_mb_a_session == 20.0


def test_an_agent_stands_beside_the_bare_sdk_with_as_many_sessions() -> None:
    costs = [cost("vaarta", cpu_s=10.0), cost("bare", cpu_s=8.0)]
    ours = Density(read_environment(), {}, costs).table().splitlines()[1].split()
    assert ours[:4] == ["vaarta", "4", "5.00", "1.25"]


def test_the_sdk_alone_speaks_in_the_rhythm_of_the_agent() -> None:
    assert Media(turns=6.0, asked_s=20.0, answered_s=30.0).rhythm_s == (5.0, 10.0)
