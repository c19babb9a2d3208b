"""Language codes of each Sarvam product: they differ in Odia and in how detection is asked for."""

_SHARED = (
    "en-IN hi-IN bn-IN gu-IN kn-IN ml-IN mr-IN pa-IN ta-IN te-IN as-IN ur-IN ne-IN kok-IN ks-IN "
    "sd-IN sa-IN sat-IN mni-IN brx-IN mai-IN doi-IN"
).split()

STT_LEGACY = frozenset((*_SHARED, "od-IN", "unknown"))
STT_REALTIME = frozenset((*_SHARED, "or-IN", "auto"))

TTS = frozenset("bn-IN en-IN gu-IN hi-IN kn-IN ml-IN mr-IN od-IN pa-IN ta-IN te-IN".split())
TTS_V4 = TTS | {f"{code}-IN" for code in "as brx doi kok ks mai mni ne sa sat sd ur".split()}
"""bulbul:v4-flash, for an account with the ``enable_in22_languages`` flag: ours has it."""
