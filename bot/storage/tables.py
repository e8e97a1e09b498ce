"""Every table in one place, for migrations and tests: importing this module fills Base.metadata."""

import bot.bookings.tables
import bot.cases.tables
import bot.catalogue.tables
import bot.messages.tables
import bot.people.tables  # noqa: F401
from bot.storage.base import Base

METADATA = Base.metadata
