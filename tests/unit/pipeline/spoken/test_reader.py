"""What a model writes is said as people in India say it; the record keeps what was written."""

import time

import pytest

from pipeline.spoken.reader import Reader, read


def said(text: str, language: str = "en-IN") -> str:
    reading = read(text, language)
    assert reading.written == " ".join(text.split())
    return reading.spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Call +91 98765 43210.", "Call plus 9 1, 9 8 7 6 5, 4 3 2 1 0."),
        ("Call +91 9876543210", "Call plus 9 1, 9 8 7 6 5, 4 3 2 1 0"),
        ("Call +919876543210", "Call plus 9 1, 9 8 7 6 5, 4 3 2 1 0"),
        ("Call 9876543210.", "Call 9 8 7 6 5, 4 3 2 1 0."),
        ("Call 98765-43210", "Call 9 8 7 6 5, 4 3 2 1 0"),
        ("on 1800 123 4567,", "on 1 8 0 0, 1 2 3, 4 5 6 7,"),
        ("on 1800-123-4567", "on 1 8 0 0, 1 2 3, 4 5 6 7"),
        ("at (080) 4112 3456", "at 0 8 0, 4 1 1 2, 3 4 5 6"),
        ("at 080-41123456", "at 0 8 0, 4 1 1 2 3 4 5 6"),
        ("at 4112-3456", "at 4 1 1 2, 3 4 5 6"),
        ("or +1 415 555 2671", "or plus 1, 4 1 5, 5 5 5, 2 6 7 1"),
        ("or 09876543210", "or 0 9 8 7 6, 5 4 3 2 1 0"),
        ("98765 43210/98765 43211", "9 8 7 6 5, 4 3 2 1 0, 9 8 7 6 5, 4 3 2 1 1"),
        ("1-800-123-4567", "1, 8 0 0, 1 2 3, 4 5 6 7"),
        (
            "91 98765 43210 or 00 91 98765 43210",
            "9 1, 9 8 7 6 5, 4 3 2 1 0 or 0 0, 9 1, 9 8 7 6 5, 4 3 2 1 0",
        ),
        ("91-9876543210", "9 1, 9 8 7 6 5, 4 3 2 1 0"),
        ("+91 (80) 4112-3456", "plus 9 1, 8 0, 4 1 1 2, 3 4 5 6"),
        ("1860 266 2666 9-6", "1 8 6 0, 2 6 6, 2 6 6 6, 9 to 6"),
        ("dial *99# now", "dial star 9 9 hash now"),
    ],
)
def test_a_phone_number_is_told_digit_by_digit_in_its_groups(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Order ORD-48213 is", "Order O R D, 4 8 2 1 3 is"),
        ("ORDER-48213", "ORDER, 4 8 2 1 3"),
        ("PAN ABCDE1234F", "PAN A B C D E 1 2 3 4 F"),
        ("GSTIN 29ABCDE1234F1Z5", "GSTIN 2 9 A B C D E 1 2 3 4 F 1 Z 5"),
        ("car KA-01-AB-1234", "car K A, 0 1, A B, 1 2 3 4"),
        ("IFSC SBIN0001234", "IFSC S B I N 0 0 0 1 2 3 4"),
        ("txn-482134", "txn, 4 8 2 1 3 4"),
        ("6E-2134", "6 E, 2 1 3 4"),
        ("PNR 4521678901", "PNR 4 5 2 1 6, 7 8 9 0 1"),
        ("Aadhaar 1234 5678 9012", "Aadhaar 1 2 3 4, 5 6 7 8, 9 0 1 2"),
        ("card 4111 1111 1111 1111", "card 4 1 1 1, 1 1 1 1, 1 1 1 1, 1 1 1 1"),
        ("card XXXX XXXX 9012 or ****1234", "card 9 0 1 2 or 1 2 3 4"),
        ("at 560001, Bengaluru", "at 5 6 0 0 0 1, Bengaluru"),
        ("PIN 560 001", "PIN 5 6 0, 0 0 1"),
        ("Your OTP is 4829.", "Your OTP is 4 8 2 9."),
        ("4829 is your OTP", "4 8 2 9 is your OTP"),
        ("OTP 482 913", "OTP 4 8 2, 9 1 3"),
        ("CVV 123", "CVV 1 2 3"),
        ("the code: 150000", "the code: 1 5 0 0 0 0"),
        ("code 04711", "code 0 4 7 1 1"),
        ("order id: A1B2C3", "order id: A 1 B 2 C 3"),
        ("ORD-48213 5-7 days", "O R D, 4 8 2 1 3, 5 to 7 days"),
        ("INV/2026/0045", "I N V slash 2 0 2 6 slash 0 0 4 5"),
        ("Order #48213", "Order number 4 8 2 1 3"),
        ("order number 48213", "order number 4 8 2 1 3"),
        ("Train 12951 is late", "Train 1 2 9 5 1 is late"),
    ],
)
def test_a_code_is_told_sign_by_sign(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("150000 rupees", "1,50,000 rupees"),
        ("150000 people", "1,50,000 people"),
        ("150000 is a lot", "1,50,000 is a lot"),
        ("150 000 rupees", "1,50,000 rupees"),
        ("12500 people", "12,500 people"),
        ("a price of 149999", "a price of 1,49,999"),
        ("rupees 845120", "rupees 8,45,120"),
        ("$150000", "$150,000"),
        ("1482913 votes", "14,82,913 votes"),
        ("Rs. 1500000 a year", "Rs. 15,00,000 a year"),
        ("INR 45000, ₹ 1500000", "INR 45,000, ₹ 15,00,000"),
        ("It costs ₹12500/- only.", "It costs ₹12,500 only."),
        ("1500/- only", "1500 rupees only"),
        ("₹2.5 lakh", "2.5 lakh rupees"),
        ("₹1.2 Cr, ₹50k", "1.2 crore rupees, 50 thousand rupees"),
        ("about 5k steps", "about 5 thousand steps"),
        ("₹500/month", "₹500 per month"),
        ("₹500-₹800 or 10–12 days", "₹500 to ₹800 or 10 to 12 days"),
        ("₹10L-₹15L", "10 lakh rupees to 15 lakh rupees"),
        (
            "₹1.5 Cr - ₹2 Cr, 5 lakh – 6 lakh",
            "1.5 crore rupees to 2 crore rupees, 5 lakh to 6 lakh",
        ),
        ("Rs.1000-2000, Rs. 500 - Rs. 800", "Rs.1000 to 2000, Rs. 500 to Rs. 800"),
        ("$1.5M, €2bn or $50K", "$1.5 million, €2 billion or $50 thousand"),
        ("₹3 CR, but INR 1,234.56 CR", "3 crore rupees, but INR 1,234.56 CR"),
    ],
)
def test_an_amount_is_one_number(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("on 2026-03-05", "on 5 March 2026"),
        ("on 12/03/2026.", "on 12 March 2026."),
        ("from 05/03/2026 to 31.12.2026.", "from 5 March 2026 to 31 December 2026."),
        ("12-03-2026 or 12/03/26", "12 March 2026 or 12 March 2026"),
        ("05-Mar-2026", "5 March 2026"),
        ("03/25/2026", "25 March 2026"),
        ("at 22:15", "at 10:15 PM"),
        ("at 22:15 hrs, 13:00", "at 10:15 PM, 1 PM"),
        ("at 10.30 am", "at 10:30 am"),
        ("9-6, 9am-6pm, 9:30–10:30 AM", "9 to 6, 9am to 6pm, 9:30 to 10:30 AM"),
        ("24/7", "24 by 7"),
        ("2025-2026, 2025/26", "2025 to 2026, 2025 to 26"),
        ("due 2025-12-31T09:30:00Z.", "due 31 December 2025, 9:30."),
        ("at 2025-12-31 18:05:00.123+05:30,", "at 31 December 2025, 6:05 PM,"),
    ],
)
def test_days_and_times_are_said_as_people_say_them(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("first_last@example.co.in.", "first underscore last at example dot co dot in."),
        ("ravi-k87+x@gmail.com", "ravi dash k 87 plus x at gmail dot com"),
        ("UPI ravi@okhdfcbank", "UPI ravi at okhdfcbank"),
        ("See https://example.com/path, yes", "See example dot com slash path, yes"),
        ("www.irctc.co.in/nget?x=1#y!", "www dot irctc dot co dot in slash nget!"),
        ("(vaarta.in)", "(vaarta dot in)"),
        ("http://x.in:8080/a-b_c/", "x dot in colon 8 0 8 0 slash a dash b underscore c"),
        ("ask @vaarta", "ask at vaarta"),
    ],
)
def test_an_address_is_read_out_without_its_scheme(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("C#, C++ and A+", "C sharp, C plus plus and A plus"),
        ("5 * 3 = 15, 5*3", "5 times 3 equals 15, 5 times 3"),
        ("x * y, a*b, SELECT * FROM", "x times y, a times b, SELECT FROM"),
        ("10 - 2 = 8, 5 + 3", "10 minus 2 equals 8, 5 plus 3"),
        ("x_1", "x underscore 1"),
        ("#1 of #diwali", "number 1 of hashtag diwali"),
        ("~500 at -5°C", "about 500 at minus 5 degrees Celsius"),
        ("R&D, Tom & Jerry", "R and D, Tom and Jerry"),
        ("a < b", "a less than b"),
        ("Set ⏰ for 8 ⭐ now ❤️.", "Set for 8 now."),
        ("Settings → Account", "Settings, Account"),
        ("A family 👨‍👩‍👧 room", "A family room"),
        ("Press 1️⃣ now :) ok", "Press 1 now ok"),
        ("price 500* [sic] {x}", "price 500 sic x"),
        ("wait - what | yes", "wait, what, yes"),
        ("Built in 1653[1][2], see [3].", "Built in 1653, see 3."),
        (">5 days, <10 or ≥18", "more than 5 days, less than 10 or at least 18"),
        ("x >= 5, y <= 3, a != b", "x at least 5, y at most 3, a not equal to b"),
        ("7>6, 2**3, 10^-3", "7 more than 6, 2 to the power 3, 10 to the power -3"),
        ("±2%, π ≈ 3", "plus or minus 2%, π about 3"),
        ("H~2~O and ==this== is a==b", "H 2 O and this is a equals b"),
        (r"C:\Users\ravi, Hello\nWorld", "C: Users ravi, Hello, World"),
        (r"$E = mc^2$ and \(\alpha + 1\)", "E equals mc to the power 2 and ( alpha plus 1)"),
        (r"$$\frac{a}{b} = \sqrt{c} \times 5$$", "a over b equals square root of c times 5"),
        (r"\text{speed} is 100$, US$ 20", "speed is 100$, US$ 20"),
    ],
)
def test_a_sign_is_said_where_people_say_it(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("bn-IN", "সন্ধ্যা ১৮:৩০ টায়", "সন্ধ্যা 6:30 টায়"),
        ("ml-IN", "വൈകിട്ട് 18:30 ന്", "വൈകിട്ട് 6:30 ന്"),
        ("mr-IN", "सायंकाळी 18:30 वाजता", "सायंकाळी 6:30 वाजता"),
        ("hi-IN", "ट्रेन 12951 में", "ट्रेन 1 2 9 5 1 में"),
    ],
)
def test_no_part_of_the_day_is_said_twice_and_a_train_has_digits(
    language: str, written: str, spoken: str
) -> None:
    assert said(written, language) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "We are open from 9 to 6, room 1204.",
        "₹1,50,000 and Rs. 499.50, 2.5 lakh, $1,299.99",
        "1,50,000 and 12345.67",
        "version 1.2.3, 192.168.1.1",
        "40/01/2026 is no date",
        "3rd March, 10:30 AM, half past 10:30, 09:05",
        "COVID-19, H1N1, MP3, 5G, A320, 2BHK, AI302, FY2026",
        "20 %, 5 km, 500 ml, 60 km/h, 98.6 °F",
        "1/2 kg and 3/4 cup",
        "Dr. Rao, e.g. at 5 p.m., well—yes… no?",
        "1500mAh and 1500 km in 2026",
        "Node.js",
    ],
)
def test_what_is_read_well_stays_as_it_is(text: str) -> None:
    assert said(text) == text


def test_ends_of_lines_and_cells_are_pauses_in_the_voice_alone() -> None:
    reading = read("Plans\nBasic\t₹500\nIs it?\nYes\n", "en-IN")
    assert reading.written == "Plans Basic ₹500 Is it? Yes"
    assert reading.spoken == "Plans. Basic, ₹500. Is it? Yes."


def test_the_words_of_the_last_piece_tell_what_a_number_is() -> None:
    reader = Reader("en-IN")
    reader.read("Sure, your OTP is:")
    assert reader.read("4829.").spoken == "4 8 2 9."
    assert reader.read("It took 4829 days.").spoken == "It took 4829 days."


@pytest.mark.parametrize(
    "unit",
    [*"019_*~#@./:-+,X₹⏰→&=\\$[<>^{", "a@", "a.", "1 ", "12-", "XX ", "A1-", "[1]", "\\frac{a}"],
)
def test_hostile_text_is_read_in_no_time(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    began = time.process_time()
    read(text, "hi-IN")
    assert time.process_time() - began < 5.0
