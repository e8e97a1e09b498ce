"""What does a view need besides its request? The settings, the database, and who is asking."""

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from flask import abort, current_app
from flask_login import current_user

from bot.cases.sight import Viewer
from bot.people.accounts import Role
from bot.settings import Settings

EXTENSION = "desk"
SIGNED_IN_HOURS = 12  # a working day; then the password is asked again


@dataclass(frozen=True)
class Site:
    """What this deployment is; reachable as current_app.extensions["desk"]."""

    settings: Settings
    engine: sa.Engine


@dataclass(frozen=True)
class Visitor:
    """A member of staff who is signed in, as flask-login wants to see one."""

    id: int
    name: str
    login: str
    role: Role
    session_key: str
    office_ids: tuple[str, ...]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.id, self.role, self.office_ids)

    def get_id(self) -> str:
        return self.session_key


def site() -> Site:
    """The site of the current application."""
    return cast(Site, current_app.extensions[EXTENSION])


def visitor() -> Visitor | None:
    """Who is asking; None for a stranger."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def signed_in() -> Visitor:
    """Who is asking, in a view that strangers do not reach."""
    found = visitor()
    if found is None:
        abort(401)
    return found
