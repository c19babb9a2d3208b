"""Prices: what was used, times the catalog, to the millionth of a credit."""

from decimal import Decimal

from agent.records.till import Till
from core.catalog import Catalog
from pipeline.metering import Meter
from store.ledger import Charge, Service

CONFIG = {
    "llm_model": "kimi-k2.5",
    "stt_model": "saaras:v3-realtime",
    "tts_model": "bulbul:v2",
}


def till(**config: str) -> Till:
    return Till(Meter(), Catalog.load(), {**CONFIG, **config})


def only(opened: Till) -> Charge:
    (charge,) = opened.take()
    return charge


def test_an_hour_of_sound_costs_the_hourly_price() -> None:
    opened = till()
    opened.meter.add_sound(bytes(2 * 16_000 * 3600))

    charge = only(opened)

    assert (charge.service, charge.model) == (Service.STT, "saaras:v3-realtime")
    assert (charge.credits, charge.audio_seconds) == (Decimal(30), Decimal(3600))


def test_ten_thousand_characters_cost_the_voice_s_price() -> None:
    opened = till()
    opened.meter.add_text("x" * 10_000)

    charge = only(opened)

    assert (charge.service, charge.model) == (Service.TTS, "bulbul:v2")
    assert (charge.credits, charge.characters) == (Decimal(15), 10_000)


def test_a_million_tokens_cost_the_model_s_prices() -> None:
    opened = till()
    opened.meter.add_tokens(read=1_000_000, written=1_000_000)

    charge = only(opened)

    assert (charge.service, charge.model) == (Service.LLM, "kimi-k2.5")
    assert charge.credits == Decimal("345.6")


def test_a_part_of_a_millionth_is_rounded_half_up() -> None:
    opened = till(llm_model="sarvam-30b")
    opened.meter.add_tokens(read=1, written=0)

    assert only(opened).credits == Decimal("0.000003")


def test_a_model_that_only_an_upstream_lists_is_not_free() -> None:
    opened = till(llm_model="openrouter/some/model")
    opened.meter.add_tokens(read=1_000_000, written=0)

    charge = only(opened)

    assert (charge.model, charge.credits) == ("openrouter/some/model", Decimal(288))


def test_a_model_that_only_an_upstream_lists_costs_what_that_tells() -> None:
    opened = till(llm_model="openrouter/some/model")
    opened.meter.add_tokens(read=1_000_000, written=10, usd=Decimal("0.5"))
    opened.meter.add_tokens(read=1_000_000, written=0)

    assert only(opened).credits == Decimal(48 + 288)


def test_a_listed_model_costs_what_is_listed_whatever_its_host_tells() -> None:
    told, untold = till(), till()
    told.meter.add_tokens(read=1_000, written=1_000, usd=Decimal("9.5"))
    untold.meter.add_tokens(read=1_000, written=1_000)

    assert only(told).credits == only(untold).credits


def test_a_model_of_one_s_own_is_metered_and_free() -> None:
    opened = till(llm_model="local")
    opened.meter.add_tokens(read=10, written=20)

    charge = only(opened)

    assert (charge.credits, charge.input_tokens, charge.output_tokens) == (Decimal(0), 10, 20)


def test_what_was_charged_is_not_charged_again() -> None:
    opened = till()
    opened.meter.add_text("Hello.")

    assert len(opened.take()) == 1
    assert opened.take() == ()


def test_what_is_only_looked_at_stays_to_be_charged_under_the_same_ids() -> None:
    opened = till()
    opened.meter.add_text("Hello.")
    opened.meter.add_tokens(read=10, written=20)

    looked_at = opened.peek()

    assert len({charge.id for charge in looked_at}) == 2
    assert opened.peek() == looked_at
    assert opened.take() == looked_at


def test_what_is_used_after_a_look_is_charged_under_the_id_that_was_seen() -> None:
    opened = till()
    opened.meter.add_text(1_000 * "x")
    (looked_at,) = opened.peek()
    opened.meter.add_text(1_000 * "x")
    taken = only(opened)

    assert (taken.id, taken.characters) == (looked_at.id, 2_000)


def test_what_is_used_afterwards_is_another_charge() -> None:
    opened = till()
    opened.meter.add_text("Hello.")
    first = only(opened)
    opened.meter.add_text("Hello.")

    (looked_at,) = opened.peek()
    assert looked_at.id != first.id
    assert only(opened) == looked_at


def test_what_a_short_answer_costs_its_host_is_not_rounded_away() -> None:
    opened = till(llm_model="openrouter/tiny/model")
    for _ in range(3):
        opened.meter.add_tokens(read=90, written=4, usd=Decimal("0.0000004123"))

    assert only(opened).credits == Decimal("0.000119")
