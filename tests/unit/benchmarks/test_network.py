import pytest

from benchmarks.network import LOCAL, NetworkUnavailable, network


def test_without_a_bad_link_everything_is_on_loopback() -> None:
    with network("clean") as place:
        assert place == LOCAL
        assert (place.address, place.prefix) == ("127.0.0.1", ())


def test_a_machine_that_cannot_lose_packets_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NetworkUnavailable, match="needs ip, nsenter"), network("lossy"):
        pass
