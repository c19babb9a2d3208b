"""Whether a text passes the turn on: a question, a yes or a no. People answer that at once.

Who has told something may well go on telling: "I lost my card" ... "on the train to Pune".
"""

from typing import Final

from pipeline.completeness import ASKING, AUXILIARIES, SUBORDINATORS, last_sentence, words_of

LEADS_IN: Final = frozenset("and so but okay ok well hi hello then please".split())
"""What an English question may begin with before its own first word."""
# In these languages the word that asks stands anywhere, mostly before the verb.
ASKING_ANYWHERE: Final = frozenset(
    """
    kya kab kahan kahaan kaun kitna kitne kitni kaise kaisa kaisi kyun kyon
    क्या कब कहाँ कहां कौन कौनसा कौनसी कितना कितने कितनी कैसे कैसा कैसी क्यों
    काय केव्हा कधी कुठे कोण किती कसे कसा कशी
    কি কী কখন কোথায় কে কত কেন কীভাবে কিভাবে কোন
    શું ક્યારે ક્યાં કોણ કેટલા કેટલું કેટલી કેમ કેવી
    ಏನು ಯಾವಾಗ ಎಲ್ಲಿ ಯಾರು ಎಷ್ಟು ಏಕೆ ಹೇಗೆ ಯಾವ
    എന്ത് എന്താണ് എപ്പോൾ എവിടെ ആര് എത്ര എങ്ങനെ
    କଣ କେବେ କେଉଁଠି କିଏ କେତେ କାହିଁକି କିପରି
    ਕੀ ਕਦੋਂ ਕਿੱਥੇ ਕੌਣ ਕਿੰਨਾ ਕਿੰਨੇ ਕਿੰਨੀ ਕਿਉਂ ਕਿਵੇਂ
    என்ன எப்போது எங்கே யார் எவ்வளவு ஏன் எப்படி எந்த
    ఏమి ఎప్పుడు ఎక్కడ ఎవరు ఎంత ఎందుకు ఎలా
    """.split()
)

SHORT_ANSWERS: Final = frozenset(
    """
    yes yeah yep no nope ok okay sure right correct thanks thank you please bye goodbye nothing
    haan han nahi nahin ji theek hai bas sahi dhanyavaad shukriya
    हाँ हां नहीं नही जी ठीक है बस सही धन्यवाद शुक्रिया हो नाही बरं
    হ্যাঁ না ঠিক আছে ধন্যবাদ હા ના બરાબર આભાર ಹೌದು ಇಲ್ಲ ಸರಿ ಧನ್ಯವಾದ അതെ അല്ല ശരി നന്ദി
    ହଁ ନା ଠିକ୍ ଅଛି ଧନ୍ୟବାଦ ਹਾਂ ਨਹੀਂ ਠੀਕ ਹੈ ਧੰਨਵਾਦ ஆமா இல்லை சரி நன்றி అవును కాదు సరే ధన్యవాదాలు
    """.split()
)


def hands_over(text: str) -> bool:
    """Whether nothing more is to be expected after it: it asks, or says but yes or no."""
    sentence = last_sentence(words_of(text))
    return asks(text) or (bool(sentence) and SHORT_ANSWERS.issuperset(sentence))


def asks(text: str) -> bool:
    """Whether its last sentence is a question, by its mark or by its words."""
    if text.strip().endswith("?"):
        return True
    sentence = last_sentence(words_of(text))
    while len(sentence) > 1 and sentence[0].rstrip(",") in LEADS_IN:
        sentence = sentence[1:]
    return _begins_as_question(sentence) or not ASKING_ANYWHERE.isdisjoint(sentence)


def _begins_as_question(sentence: list[str]) -> bool:
    first, second = (word.partition("'")[0] for word in (*sentence, "", "")[:2])
    if first in SUBORDINATORS:
        return first in ASKING and second in AUXILIARIES
    return first in ASKING or first in AUXILIARIES
