"""Who may use which page? Every view says it itself; a view that says nothing is refused to everybody."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.people.accounts import ROLES, Role
from bot.web.site import visitor

PUBLIC = "public"
READERS: tuple[Role, ...] = ("officer", "supervisor", "admin", "auditor")
ACTORS: tuple[Role, ...] = ("officer", "supervisor", "admin")  # an auditor reads and cannot act
_STATIC = frozenset({"static", "bootstrap.static"})
_MARK = "_allowed_to"

View = TypeVar("View", bound=Callable[..., Any])


def allow(*roles: Role) -> Callable[[View], View]:
    """The view is for these roles. Stands below the route's decorator."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"allow: unknown roles {sorted(unknown)}, use {ROLES}")

    def mark(view: View) -> View:
        setattr(view, _MARK, frozenset(roles))
        return view

    return mark


def allow_public(view: View) -> View:
    """The view is for everybody, signed in or not. Stands below the route's decorator."""
    setattr(view, _MARK, frozenset({PUBLIC}))
    return view


def allowed_to(app: Flask, endpoint: str) -> frozenset[str] | None:
    """The roles an endpoint is for, or PUBLIC alone; None when nobody said."""
    if endpoint in _STATIC:
        return frozenset({PUBLIC})
    return getattr(app.view_functions.get(endpoint), _MARK, None)


def may_use(endpoint: str, role: str | None) -> bool:
    """Whether somebody of `role` (None: a stranger) may use an endpoint of the current application."""
    allowed = allowed_to(current_app, endpoint) or frozenset()
    return PUBLIC in allowed or role in allowed


def check() -> ResponseReturnValue | None:
    """Before every request: strangers go to the sign-in page, others without the role and undeclared views get 403."""
    if request.endpoint is None:
        return None  # no such address: 404 or 405 follows
    allowed = allowed_to(current_app, request.endpoint)
    if allowed is None:
        abort(403)
    if PUBLIC in allowed:
        return None
    who = visitor()
    if who is None:
        return _to_sign_in()
    if who.role not in allowed:
        abort(403)
    return None


def wants_json() -> bool:
    """Whether a script is asking, not a person."""
    return request.accept_mimetypes.best == "application/json"


def own_path(address: str | None) -> str | None:
    """The path of `address` when it is one of ours, else None: nobody is led to another site after signing in.

    >>> own_path("/desk/cases/7?tab=mine"), own_path("//evil.example/"), own_path("https://evil.example/")
    ('/desk/cases/7?tab=mine', None, None)
    """
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return None
    return None if any(ord(sign) < 33 for sign in address) else address


def _to_sign_in() -> ResponseReturnValue:
    if wants_json():
        abort(401)
    if request.method == "GET":
        came_from = request.full_path.rstrip("?")
    else:  # the form's own address cannot be opened again: back to the page it stood on
        before = urlsplit(request.referrer or "")
        came_from = before.path if before.netloc == request.host else ""
    return redirect(url_for("account.sign_in", next=own_path(came_from)), 303)
