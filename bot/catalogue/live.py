"""The catalogue a process answers from: each turn asks for the current version and gets it before it answers."""

import threading

from sqlalchemy.orm import Session

from bot.catalogue.store import current_version, index_of, read_catalogue
from intents.encoder import chosen_encoder
from intents.index import Index, load
from intents.understand import Matcher
from knowledge.files import phrases_hash
from knowledge.model import Pack

VERSION = "catalogue version"  # where a session keeps what is_loaded() found


class LiveCatalogue:
    """The matcher of the current version, kept until another version is published. Shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._matcher: Matcher | None = None

    def is_loaded(self, session: Session) -> bool:
        """Whether the version that is current in this transaction is at hand: loading takes long, so not under a lock."""
        session.info[VERSION] = current_version(session)
        return bool(session.info[VERSION] == self._version)

    def matcher(self, session: Session) -> Matcher:
        """The matcher of the version that is current in this transaction."""
        version = session.info.get(VERSION) or current_version(session)
        with self._lock:
            if self._matcher is None or version != self._version:
                pack = read_catalogue(session, version)
                self._matcher = Matcher(pack, self._index(session, version, pack))
                self._version = version
            return self._matcher

    def _index(self, session: Session, version: int, pack: Pack) -> Index:
        if self._matcher is not None and phrases_hash(pack) == self._matcher.index.key:
            return self._matcher.index  # a changed fee does not change what people's words mean
        return load(index_of(session, version), chosen_encoder())
