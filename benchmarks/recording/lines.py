"""What the clips say: data.

In a paused sentence " | " is where the caller pauses; in a Hindi one it is written into the
transcript, and the comma in what is spoken says the same to the voice.
"""

from dataclasses import dataclass
from typing import Final

from benchmarks.clips import PauseKind

PAUSE_LENGTHS_MS: Final = (300, 400, 500, 600, 700, 800, 900)


@dataclass(frozen=True)
class Line:
    """One that Piper speaks. `pauses_ms` belongs to the marks in `text`, in order."""

    name: str
    kind: str
    text: str
    pauses_ms: tuple[int, ...] = ()
    pause_kind: PauseKind = "unfinished"
    pace: float = 1.0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class HindiLine:
    """One that espeak-ng speaks: `spoken` where the transcript is written otherwise."""

    name: str
    kind: str
    text: str
    spoken: str = ""
    pauses_ms: tuple[int, ...] = ()
    pause_kind: PauseKind = "unfinished"
    tags: tuple[str, ...] = ("hindi",)


_UNFINISHED: Final = """
table_for | I would like to book a table for | four people tomorrow evening.
invoice_to | Can you send the invoice to | my office address?
because | I am calling because | my order never arrived.
number_is | My booking number is | three seven nine two.
when_log_in | When I try to log in | the page stays blank.
parcel_sent | The parcel that you sent | has not arrived yet.
please_tell | Could you please tell me | what the deposit is?
want_change | I want to change | my delivery address.
yesterday | Yesterday evening | I ordered two pizzas.
room_with | We need a room with | two beds and a bath.
if_rains | If it rains on Sunday | is the tour cancelled?
name_is | My name is | Rahul Sharma.
card_and | I tried the card and | it was declined twice.
possible_to | Is it possible to | pay in three parts?
second_number | The second number on the bill | looks wrong to me.
since | I have been waiting since | nine this morning.
know_whether | Do you know whether | the museum is open?
before_pay | Before I pay | I need a receipt.
put_through | Put me through to | the service department.
actually_the | Actually the | blue one was mine.
cost_to | How much would it cost to | ship it to Delhi?
"""
_COMPLETE: Final = """
table_evening | Can I book a table | for two this evening?
refund | I need a refund. | It arrived broken.
cancel_order | I would like to cancel my order | and get my money back.
lake_view | Do you have a room | with a view of the lake?
phone_update | My phone does not work | since the last update.
call_back | Can you call me back | after five today?
manager | I want to speak to a manager | about my last bill.
menu | Please send me the menu | by email.
parcel_monday | Where is my parcel? | It was due on Monday.
lost_card | I lost my card | on the train to Pune.
sunday_evening | Are you open on Sunday | in the evening as well?
moved | I moved to a new flat | in Park Street.
lunch | We would like to order lunch | for twelve people.
passport | How long does it take | to get a new passport?
line_dead | I paid the bill | but the line is still dead.
present | It is a birthday present | so please wrap it.
balance | Can you check my balance? | I think it is wrong.
taxi | I need a taxi | to the airport at six.
discount | Is there a discount | for students?
one_more | That is fine. | But I have one more question.
train | What time does the train leave | for Mumbai?
"""


def _paused(table: str, kind: PauseKind) -> tuple[Line, ...]:
    """The lengths go round: each is met by three sentences."""
    lines: list[Line] = []
    for index, row in enumerate(table.strip().splitlines()):
        name, _, text = row.partition(" | ")
        length_ms = PAUSE_LENGTHS_MS[index % len(PAUSE_LENGTHS_MS)]
        lines.append(Line(f"{kind}_{name}", "paused", text, (length_ms,), kind))
    return tuple(lines)


LINES: Final = (
    Line("opening_hours", "question", "What are your opening hours on Sunday?"),
    Line("book_table", "question", "Can I book a table for two this evening?"),
    Line("address", "question", "Where exactly is your office?"),
    Line("order_status", "question", "Could you tell me where my order is?"),
    Line("price", "question", "How much does it cost?"),
    Line("delivery", "question", "Do you deliver on the weekend as well?"),
    Line("payment", "question", "Which ways of payment do you accept?"),
    Line("weather", "question", "What will the weather be like tomorrow?"),
    Line("cancel", "question", "I would like to cancel my appointment."),
    Line("car_park", "question", "Is there a car park near you?"),
    Line("paused", "question", "Thank you, that is all I need."),
    Line("hold_on", "barge_in", "Hold on I have another question."),
    Line("not_meant", "barge_in", "But that is not what I meant."),
    Line("mm_hm", "backchannel", "Mm-hmm."),
    Line("right", "backchannel", "Right, okay."),
    Line("uh_huh", "backchannel", "Uh-huh."),
    Line("okay", "backchannel", "Okay."),
    Line("yeah", "backchannel", "Yeah."),
    Line("i_see", "backchannel", "I see."),
    Line("fast_hours", "question", "When do you open tomorrow morning?", pace=1.4, tags=("fast",)),
    Line("fast_refund", "question", "How do I get a refund for this?", pace=1.4, tags=("fast",)),
    Line("slow_branch", "question", "Which branch is closest to me?", pace=0.75, tags=("slow",)),
    Line("slow_bill", "question", "Why is my bill so high?", pace=0.75, tags=("slow",)),
    Line(
        "fast_unfinished_flight",
        "paused",
        "I want to know if the flight to | Chennai leaves on time.",
        (300,),
        pace=1.4,
        tags=("fast",),
    ),
    Line(
        "slow_complete_doctor",
        "paused",
        "I need to see a doctor | this afternoon.",
        (700,),
        "complete",
        pace=0.75,
        tags=("slow",),
    ),
    Line(
        "unfinished_number",
        "paused",
        "My number is | nine eight seven six | five four three | two one zero.",
        (400, 500, 600),
        tags=("digits",),
    ),
    *_paused(_UNFINISHED, "unfinished"),
    *_paused(_COMPLETE, "complete"),
)

HINDI_LINES: Final = (
    HindiLine("hi_hours", "question", "आपकी दुकान कब खुलती है?"),
    HindiLine("hi_order", "question", "मेरा ऑर्डर कहाँ है?"),
    HindiLine("hi_price", "question", "इसकी कीमत कितनी है?"),
    HindiLine(
        "hi_parcel",
        "question",
        "मेरा parcel अभी तक deliver नहीं हुआ है।",
        "मेरा पार्सल अभी तक डिलीवर नहीं हुआ है।",
        tags=("hindi", "mixed"),
    ),
    HindiLine(
        "hi_sunday",
        "question",
        "Kya aap Sunday ko open rehte hain?",
        "क्या आप संडे को ओपन रहते हैं?",
        tags=("hindi", "mixed"),
    ),
    HindiLine(
        "hi_unfinished_delivery",
        "paused",
        "मैं जानना चाहता हूँ कि | डिलीवरी कब होगी?",
        pauses_ms=(600,),
    ),
    HindiLine(
        "hi_unfinished_refund",
        "paused",
        "मेरा refund | अभी तक नहीं आया।",
        "मेरा रिफंड, अभी तक नहीं आया।",
        pauses_ms=(400,),
        tags=("hindi", "mixed"),
    ),
    HindiLine(
        "hi_complete_table",
        "paused",
        "मुझे एक टेबल बुक करनी है | चार लोगों के लिए।",
        pauses_ms=(500,),
        pause_kind="complete",
    ),
    HindiLine(
        "hi_unfinished_number",
        "paused",
        "मेरा नंबर है | नौ आठ सात छह | पाँच चार तीन | दो एक शून्य।",
        pauses_ms=(500, 600, 700),
        tags=("hindi", "digits"),
    ),
    HindiLine("hi_one_more", "barge_in", "रुकिए, एक और सवाल है।", "रुकिए एक और सवाल है।"),
    HindiLine(
        "hi_wait",
        "barge_in",
        "Wait, mujhe kuch aur poochna hai.",
        "वेट मुझे कुछ और पूछना है।",
        tags=("hindi", "mixed"),
    ),
    HindiLine("hi_haan_roman", "backchannel", "Haan.", "हाँ।", tags=("hindi", "mixed")),
    HindiLine("hi_achha_roman", "backchannel", "Achha.", "अच्छा।", tags=("hindi", "mixed")),
    HindiLine("hi_haan", "backchannel", "हाँ।", "हां हां।"),
    HindiLine("hi_theek_hai", "backchannel", "ठीक है।"),
)
