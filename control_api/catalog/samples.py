"""What voices sound like."""

from typing import Final

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.catalog.voice_samples import VOICE_SAMPLES, Sample
from control_api.parts import CATALOG
from control_api.request.errors import invalid_field, not_found
from control_api.request.fields import CatalogChecked, LanguageName
from control_api.request.parsing import parse_query
from core.catalog import Catalog, Language, Voice
from core.rights import Permission

_KEPT: Final = "private, max-age=86400"


class SampleQuery(CatalogChecked):
    """The query of a voice's sample; the catalog's default language unless it says otherwise."""

    language: LanguageName | None = None


async def get_sample(request: web.Request) -> web.Response:
    """`GET /api/v1/voices/{voice_id}/sample?language=`: a sentence, as WAV.

    Making one is paid for: it takes a person, or a key that may speak.
    """
    await request.app[AUTHENTICATOR].authorise(request, Permission.TTS)
    catalog = request.app[CATALOG]
    query = parse_query(SampleQuery, request.query, catalog)
    voice = catalog.voice(request.match_info["voice_id"])
    if voice is None:
        raise not_found("voice")
    sample = Sample(voice, _language(voice, query.language, catalog))
    wav = await request.app[VOICE_SAMPLES].get(sample)
    return web.Response(body=wav, content_type="audio/wav", headers={"Cache-Control": _KEPT})


def _language(voice: Voice, wanted: str | None, catalog: Catalog) -> Language:
    """The one that is wanted, else the catalog's default where the voice speaks it.

    Raises `ApiError` (422) for one that the voice does not speak.
    """
    spoken = [one for one in catalog.languages if voice.speaks(one.id)]
    first = catalog.default_language if wanted is None else wanted
    for language in spoken:
        if language.id == first:
            return language
    if wanted is None:
        return spoken[0]
    message = f"{voice.id} speaks {', '.join(one.id for one in spoken)}"
    raise invalid_field("language", message, "language_not_spoken", where="query")
