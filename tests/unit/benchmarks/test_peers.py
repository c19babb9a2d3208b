from benchmarks.peers import load_peers, peers_table
from benchmarks.stats import Summary


def test_every_peer_has_a_name_and_figures() -> None:
    assert all(peer.name and peer.figures for peer in load_peers())


def test_our_figure_stands_first_and_the_others_are_marked_as_another_run() -> None:
    lines = peers_table("barge_in", Summary(20, 195.0, 207.0, 208.0, 208.0)).splitlines()
    assert lines[1].split() == ["vaarta,", "this", "run", "20", "195", "207"]
    assert all(line.endswith("another run and machine") for line in lines[2:])


def test_a_metric_that_nobody_has_gives_no_table() -> None:
    assert peers_table("unheard_of", None) == ""
