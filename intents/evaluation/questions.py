"""A file of questions with the answers a careful reader would choose."""

import csv
from dataclasses import dataclass
from pathlib import Path

NONE = "oos"


class QuestionsError(ValueError):
    """A file of questions that cannot be used; the text names the line and the fix."""


@dataclass(frozen=True)
class Question:
    """A message with the intent a careful reader would choose (`oos`: none fits) and, if told, whose voice it is."""

    text: str
    intent: str
    voice: str = ""

    @property
    def in_scope(self) -> bool:
        return self.intent != NONE


def read_questions(path: Path) -> list[Question]:
    """The questions in a CSV file with the columns text and intent, perhaps voice; raises QuestionsError, OSError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _questions(csv.DictReader(file))
    except UnicodeDecodeError:
        raise QuestionsError("it is not written in UTF-8; save it as CSV UTF-8") from None
    except csv.Error as error:
        raise QuestionsError(f"it is not a CSV file ({error})") from None


def _questions(reader: "csv.DictReader[str]") -> list[Question]:
    missing = {"text", "intent"} - set(reader.fieldnames or ())
    if missing:
        raise QuestionsError(f"the first line has no column {' and '.join(sorted(missing))}; write: text,intent")
    rows = []
    for row in reader:
        text, intent = (row["text"] or "").strip(), (row["intent"] or "").strip()
        if not text or not intent:
            raise QuestionsError(f"line {reader.line_num}: text or intent is empty")
        rows.append(Question(row["text"], intent, (row.get("voice") or "").strip()))
    if not rows:
        raise QuestionsError("there are no questions in it")
    return rows
