"""What does each citizen see in LINE, and which files did they send?"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.stand_in.ids import message_id
from bot.stand_in.records import Content, Entry, Json, Side


class Chats:
    """Every citizen's chat, and the files behind message ids; at most `remember` lines, the oldest go first."""

    def __init__(self, *, now: Callable[[], datetime], remember: int) -> None:
        self._lock = threading.RLock()
        self._now = now
        self._remember = remember
        self._revision = 0
        self._entries: dict[int, Entry] = {}
        self._read_tokens: dict[str, int] = {}
        self._contents: dict[str, Content] = {}

    def add(self, citizen_id: str, by: Side, message: Json, **more: Any) -> Entry:
        """A new line at the end of a citizen's chat; `more` are further fields of `Entry`."""
        with self._lock:
            self._revision += 1
            entry = Entry(self._revision, self._revision, citizen_id, by, self._now(), message, **more)
            self._entries[entry.entry_id] = entry
            if len(self._entries) > self._remember:
                del self._entries[next(iter(self._entries))]
            return entry

    def change(self, entry_id: int, **changes: Any) -> None:
        """The line with these fields changed; nothing when it is gone."""
        with self._lock:
            if entry_id in self._entries:
                self._revision += 1
                self._entries[entry_id] = replace(self._entries[entry_id], revision=self._revision, **changes)

    def of(self, citizen_id: str) -> list[Entry]:
        """What the citizen sees, oldest first."""
        with self._lock:
            return [entry for entry in self._entries.values() if entry.user_id == citizen_id]

    def changes(self, since: int) -> tuple[int, list[Entry]]:
        """The newest revision and the lines that changed after revision `since`, in chat order."""
        with self._lock:
            return self._revision, [entry for entry in self._entries.values() if entry.revision > since]

    def remember_read_token(self, token: str, entry_id: int) -> None:
        """`token` marks this line, and those before it, as read."""
        with self._lock:
            self._read_tokens[token] = entry_id

    def mark_read(self, token: str) -> bool:
        """The line of this token and all before it in the chat are read; False when the token is unknown."""
        with self._lock:
            entry = self._entries.get(self._read_tokens.get(token, 0))
            if entry is None:
                return False
            for each in self.of(entry.user_id):
                if each.by == "citizen" and each.entry_id <= entry.entry_id and not each.is_read:
                    self.change(each.entry_id, is_read=True)
            return True

    def mark_all_read(self, citizen_id: str) -> None:
        """Every line of this citizen is read."""
        with self._lock:
            for each in self.of(citizen_id):
                if each.by == "citizen" and not each.is_read:
                    self.change(each.entry_id, is_read=True)

    def keep_content(self, data: bytes, content_type: str, *, not_ready: int = 0) -> str:
        """The message id under which the bot can fetch `data`; the first `not_ready` calls are told to wait (202)."""
        with self._lock:
            new_id = message_id()
            self._contents[new_id] = Content(data, content_type, not_ready)
            return new_id

    def fetch_content(self, content_id: str) -> Content | None:
        """The file as this call sees it: one waiting call is used up."""
        with self._lock:
            content = self._contents.get(content_id)
            if content and content.not_ready:
                self._contents[content_id] = replace(content, not_ready=content.not_ready - 1)
            return content

    def content(self, content_id: str) -> Content | None:
        """The file, without using up a waiting call: what the citizen's own phone shows."""
        with self._lock:
            return self._contents.get(content_id)

    def drop_content(self, content_id: str) -> None:
        """LINE keeps the file no longer: 410 from now on; nothing when there was none."""
        with self._lock:
            if content_id in self._contents:
                self._contents[content_id] = Content(b"", "", gone=True)
