import pytest
from pydantic import SecretStr

from store.sealing import SealBroken, Sealer

SEALER = Sealer(SecretStr("one key"))


def test_a_sealed_value_opens_again() -> None:
    assert SEALER.open(SEALER.seal(b"whsec_secret", about="row 1"), about="row 1") == (
        b"whsec_secret"
    )


def test_a_sealed_value_shows_nothing_and_is_never_the_same() -> None:
    first, second = (SEALER.seal(b"whsec_secret", about="row 1") for _ in range(2))

    assert b"secret" not in first
    assert first != second


@pytest.mark.parametrize(
    ("sealer", "about"), [(SEALER, "row 2"), (Sealer(SecretStr("another key")), "row 1")]
)
def test_another_row_or_key_does_not_open_it(sealer: Sealer, about: str) -> None:
    with pytest.raises(SealBroken):
        sealer.open(SEALER.seal(b"whsec_secret", about="row 1"), about=about)


@pytest.mark.parametrize("damaged", [b"", b"short", b"x" * 64])
def test_a_damaged_value_is_refused(damaged: bytes) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(damaged, about="row 1")


def test_a_digest_tells_values_apart_and_needs_the_key() -> None:
    other = Sealer(SecretStr("another key"))

    assert SEALER.digest(b"value") == Sealer(SecretStr("one key")).digest(b"value")
    assert len({SEALER.digest(b"value"), SEALER.digest(b"eulav"), other.digest(b"value")}) == 3


def test_what_an_earlier_key_sealed_opens_and_is_sealed_anew_once() -> None:
    ring = Sealer(SecretStr("the next key"), SecretStr("one key"))
    sealed = SEALER.seal(b"whsec_secret", about="row 1")

    assert ring.open(sealed, about="row 1") == b"whsec_secret"
    anew = ring.sealed_anew(sealed, about="row 1")
    assert anew is not None
    assert ring.sealed_anew(anew, about="row 1") is None
    assert Sealer(SecretStr("the next key")).open(anew, about="row 1") == b"whsec_secret"
    with pytest.raises(SealBroken):
        SEALER.open(anew, about="row 1")


def test_a_digest_that_an_earlier_key_made_is_known_again() -> None:
    ring = Sealer(SecretStr("the next key"), SecretStr("one key"))

    assert ring.is_digest(SEALER.digest(b"value"), b"value")
    assert ring.is_digest(ring.digest(b"value"), b"value")
    assert not ring.is_digest(SEALER.digest(b"value"), b"other")
    assert not SEALER.is_digest(ring.digest(b"value"), b"value")
