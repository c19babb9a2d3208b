"""Whether a session is recorded, and where this job's piece of it goes."""

import logging

from agent.holding.held import Held
from agent.recording.pieces import PieceFile, PieceFolder
from agent.recording.tape import Tape
from agent.records.rows import Mandate
from core.settings import Settings
from store.records import SessionRecord

log = logging.getLogger(__name__)


def tape_of(record: SessionRecord) -> Tape | None:
    """A tape that nothing is on yet, where the session is to be recorded."""
    return Tape() if record.config.get("record") else None


def begin(tape: Tape, held: Held, settings: Settings) -> None:
    """From now on take down what is heard, in the place that it has in the session."""
    folder = PieceFolder.named(settings)
    if folder is None:
        log.error("recording.not_begun", extra={"reason": "no AGENT_JOURNAL_DIR"})
        return
    file = PieceFile(folder, Mandate(held.claim.session.id, held.claim.epoch))
    tape.begin(file, elapsed_s=held.elapsed_s if held.is_taken_up else 0.0)
