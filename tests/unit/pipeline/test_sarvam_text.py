"""Numbers, dates and amounts are written so that the voice reads them as people do."""

import pytest

from core.catalog import Catalog
from pipeline.providers.sarvam_text import readable


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It costs ₹12500/- only.", "It costs ₹12,500 only."),
        ("Rs. 1500000 a year", "Rs. 15,00,000 a year"),
        ("12500 people", "12,500 people"),
        ("at 560001, Bengaluru", "at 5 6 0 0 0 1, Bengaluru"),
        ("Call 9876543210.", "Call 9 8 7 6 5 4 3 2 1 0."),
        ("Call +91 9876543210", "Call plus 9 1 9 8 7 6 5 4 3 2 1 0"),
        ("code 04711", "code 0 4 7 1 1"),
        ("on 2026-03-05", "on 5 March 2026"),
        ("from 05/03/2026 to 31.12.2026.", "from 5 March 2026 to 31 December 2026."),
    ],
)
def test_what_misleads_the_voice_is_written_otherwise(written: str, spoken: str) -> None:
    assert readable(written, "en-IN") == spoken


@pytest.mark.parametrize(
    "text",
    [
        "We are open from 9 to 6, room 1204.",
        "1,50,000 and 12345.67",
        "version 1.2.3 of A4000000",
        "2026-13-05 and 40/01/2026 are no dates",
        "half past 10:30",
        "₹1,250",
    ],
)
def test_what_is_read_well_stays_as_it_is(text: str) -> None:
    assert readable(text, "en-IN") == text


def test_every_language_of_the_catalog_has_its_months() -> None:
    english = readable("2026-02-03", "en-IN")
    for language in Catalog.load().languages:
        spoken = readable("2026-02-03", language.id)
        assert spoken.startswith("3 ")
        assert spoken.endswith(" 2026")
        assert (spoken == english) is language.id.startswith("en")
