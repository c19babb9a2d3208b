"""Knowledge: a bot's documents, and the passages of them that a question is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType
from uuid import UUID, uuid4

import asyncpg

from core.errors import NotFoundError
from store.caps import require_room
from store.pages import Listed, ListRepository, Order, Part, Total
from store.passages import passages_of
from store.records import BotId, TenantId

DocumentId = NewType("DocumentId", UUID)

_COLUMNS: Final = "d.id, d.name, d.content, d.created_at"
# What a text weighs is known without reading it.
_LISTED: Final = "d.id, d.name, octet_length(d.content) AS content_bytes, d.created_at"
# Nobody else adds to the bot until the transaction ends.
_HOLD: Final = "SELECT FROM bots WHERE id = $1 AND tenant_id = $2 FOR NO KEY UPDATE"
_SIZE: Final = """
SELECT count(*) AS n, coalesce(sum(octet_length(content)), 0)::bigint AS n_bytes
FROM documents WHERE bot_id = $1"""
# The bot's tenant is checked in the same statement that does the work.
_ADD: Final = f"""
WITH added AS (
    INSERT INTO documents (id, bot_id, name, content)
    SELECT $1, b.id, $4, $5 FROM bots b WHERE b.id = $2 AND b.tenant_id = $3 FOR KEY SHARE OF b
    RETURNING id, bot_id, name, content, created_at
), split AS (
    INSERT INTO passages (document_id, number, bot_id, content)
    SELECT added.id, piece.n, added.bot_id, piece.content
    FROM added, unnest($6::text[]) WITH ORDINALITY AS piece (content, n)
)
SELECT {_COLUMNS} FROM added d"""  # noqa: S608
_OF_BOT: Final = """
FROM bots b JOIN documents d ON d.bot_id = b.id WHERE b.id = $1 AND b.tenant_id = $2"""
_LIST: Final = f"SELECT {_LISTED} {_OF_BOT}"
_ORDER: Final = Order(("d.created_at", "d.id"))
_COUNT: Final = """
SELECT (SELECT count(*) FROM documents d WHERE d.bot_id = b.id) FROM bots b
WHERE b.id = $1 AND b.tenant_id = $2"""
_GET: Final = f"SELECT {_COLUMNS} {_OF_BOT} AND d.id = $3"
_DELETE: Final = """
DELETE FROM documents d USING bots b
WHERE d.id = $3 AND d.bot_id = b.id AND b.id = $1 AND b.tenant_id = $2 RETURNING d.id"""
# Any word of the question counts, the rarer and the more of them the better: a spoken question
# never has all of its words in one passage. Long passages win nothing by their length (1). Names
# are looked up for those few that are found.
_SEARCH: Final = """
WITH asked AS (
    SELECT replace(plainto_tsquery('english', $2)::text, ' & ', ' | ')::tsquery AS words
)
SELECT found.document_id, d.name AS document, found.number, found.content
FROM (
    SELECT p.document_id, p.number, p.content, ts_rank(p.words, asked.words, 1) AS rank
    FROM asked, passages p
    WHERE p.bot_id = $1 AND p.words @@ asked.words
    ORDER BY rank DESC, p.document_id, p.number LIMIT $3
) found JOIN documents d ON d.id = found.document_id
ORDER BY found.rank DESC, found.document_id, found.number"""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A text that a bot knows."""

    id: DocumentId
    name: str
    content: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A text that a bot knows, without the text; `content_bytes`: its length in UTF-8."""

    id: DocumentId
    name: str
    content_bytes: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage, and whose it is: its `number` among the document's, counted from 1."""

    document_id: DocumentId
    document: str
    number: int
    content: str


@dataclass(frozen=True, slots=True)
class KnowledgeCaps:
    """How many documents a bot may have and how many bytes of text they may be; None: any."""

    n: int | None
    n_bytes: int | None


class KnowledgeRepository(ListRepository):
    """Takes in, lists, deletes and searches documents."""

    async def require_room(
        self, tenant_id: TenantId, bot_id: BotId, content: str, caps: KnowledgeCaps
    ) -> None:
        """Keep a place for one more until the transaction ends.

        Raises `NotFoundError` for an unknown bot, `CapReached`.
        """
        if await self._row(_HOLD, bot_id, tenant_id) is None:
            raise NotFoundError("no such bot")
        size = await self._row(_SIZE, bot_id)
        assert size is not None
        require_room("documents a bot", caps.n, size["n"])
        n_more = len(content.encode())
        require_room("bytes of documents a bot", caps.n_bytes, size["n_bytes"], n_more)

    async def add(
        self, tenant_id: TenantId, bot_id: BotId, name: str, content: str
    ) -> DocumentRecord:
        """Take in a document. Raises `NotFoundError` for an unknown bot."""
        pieces = passages_of(content)
        row = await self._row(_ADD, uuid4(), bot_id, tenant_id, name, content, pieces)
        return _found(row)

    async def list_page(
        self, tenant_id: TenantId, bot_id: BotId, part: Part
    ) -> Listed[ListedDocument]:
        """Part of the bot's documents, newest first. Raises `NotFoundError`."""
        count = await self._row(_COUNT, bot_id, tenant_id)
        if count is None:
            raise NotFoundError("no such bot")
        rows, end = await self._part(_LIST, [bot_id, tenant_id], part, _ORDER)
        return Listed([ListedDocument(**row) for row in rows], Total(count[0]), end)

    async def get(
        self, tenant_id: TenantId, bot_id: BotId, document_id: DocumentId
    ) -> DocumentRecord:
        """The bot's document. Raises `NotFoundError`."""
        return _found(await self._row(_GET, bot_id, tenant_id, document_id))

    async def delete(self, tenant_id: TenantId, bot_id: BotId, document_id: DocumentId) -> None:
        """Forget it. Raises `NotFoundError`."""
        if await self._row(_DELETE, bot_id, tenant_id, document_id) is None:
            raise NotFoundError("no such document")

    async def search(self, bot_id: BotId, question: str, limit: int) -> list[FoundPassage]:
        """The passages that share words with the question, the best first."""
        rows = await self._rows(_SEARCH, bot_id, question, limit)
        return [FoundPassage(**row) for row in rows]


def _found(row: asyncpg.Record | None) -> DocumentRecord:
    if row is None:
        raise NotFoundError("no such document")
    return DocumentRecord(**row)
