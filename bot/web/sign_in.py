"""How do members of staff come in, leave, and change their password?"""

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from bot import clock
from bot.people import accounts
from bot.people.names import sender_name
from bot.people.tables import Staff
from bot.storage.engine import reading, transaction
from bot.web.access import READERS, allow, allow_public, own_path
from bot.web.site import SIGNED_IN_HOURS, Visitor, signed_in, site, visitor
from bot.web.wording import NEW_SECRET_KEPT, PASSWORD_FAULTS, SIGN_IN_REFUSED, SIGNED_OUT

blueprint = Blueprint("account", __name__)
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

REFUSED = 422
SINCE = "signed_in_at"


def _was_refused(response: Response) -> bool:
    return response.status_code == REFUSED


def _login_tried() -> str:
    return accounts.tidy_login(request.form.get("login", ""))[:200]


# Only failures count: a whole office behind one address signs in at half past eight.
_slow_down = limiter.limit("60 per 5 minutes", methods=["POST"], deduct_when=_was_refused)
_slow_down_login = limiter.limit("20 per 5 minutes", methods=["POST"], key_func=_login_tried, deduct_when=_was_refused)


def load_visitor(session_key: str) -> Visitor | None:
    """Who a cookie belongs to; None once the session has ended or is a working day old."""
    began = cookie.get(SINCE)
    lifetime = timedelta(hours=SIGNED_IN_HOURS)
    if not isinstance(began, datetime) or clock.utc_now() - began > lifetime:
        return None
    with reading(site().engine) as session:
        staff = accounts.by_session_key(session, session_key)
        return None if staff is None else _as_visitor(staff)


@blueprint.get("/sign-in")
@allow_public
def sign_in() -> ResponseReturnValue:
    """The sign-in page; somebody who is in already goes on."""
    if visitor() is not None:
        return redirect(_onward())
    return render_template("account/sign_in.html", login="", refused=None)


@blueprint.post("/sign-in")
@_slow_down
@_slow_down_login
@allow_public
def enter() -> ResponseReturnValue:
    """Check the password. Unknown, wrong and locked look the same and take the same time."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    engine = site().engine
    with reading(engine) as session:
        credentials = accounts.find(session, login)
    right = accounts.fits(credentials, password[: accounts.PASSWORD_MAX_SIGNS * 8])
    with transaction(engine) as session:
        staff = accounts.note_sign_in(session, credentials, right=right, now=clock.utc_now())
        who = None if staff is None else _as_visitor(staff)
    if who is None:
        return render_template("account/sign_in.html", login=login[:200], refused=SIGN_IN_REFUSED), REFUSED
    _begin_session(who)
    return redirect(_onward(), 303)


@blueprint.post("/sign-out")
@allow(*READERS)
def leave() -> ResponseReturnValue:
    """End the session on this device."""
    with transaction(site().engine) as session:
        accounts.sign_out(session, staff_id=signed_in().id, now=clock.utc_now())
    logout_user()
    cookie.clear()
    flash(SIGNED_OUT, "success")
    return redirect(url_for("account.sign_in"), 303)


@blueprint.get("/account")
@allow(*READERS)
def account() -> str:
    """One's own account."""
    return _account_page({})


@blueprint.post("/account/password")
@_slow_down
@allow(*READERS)
def change_password() -> ResponseReturnValue:
    """A new password; every other session of the account ends."""
    who = signed_in()
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    fault = _fault(who, old, new, again)
    if fault is not None:
        field, reason = fault
        return _account_page({field: PASSWORD_FAULTS[reason]}), REFUSED
    hashed = accounts.hash_password(new)
    with transaction(site().engine) as session:
        staff = accounts.set_password(session, staff_id=who.id, password_hash=hashed, by_id=who.id, now=clock.utc_now())
        who = _as_visitor(staff)
    _begin_session(who)
    flash(NEW_SECRET_KEPT, "success")
    return redirect(url_for("account.account"), 303)


def _account_page(faults: dict[str, str]) -> str:
    return render_template("account/account.html", faults=faults, shown_name=sender_name(signed_in().name))


def _fault(who: Visitor, old: str, new: str, again: str) -> tuple[str, str] | None:
    try:
        accounts.check_password(new, who.login)
    except accounts.WeakPasswordError as weak:
        return "new", weak.fault
    if new != again:
        return "again", "differ"
    with reading(site().engine) as session:
        credentials = accounts.find(session, who.login)
    return None if accounts.fits(credentials, old) else ("old", "wrong")


def _begin_session(who: Visitor) -> None:
    cookie.clear()  # nothing of an earlier visitor, and a new form token
    cookie.permanent = True
    cookie[SINCE] = clock.utc_now()
    login_user(who)


def _onward() -> str:
    return own_path(request.args.get("next")) or url_for("desk.queue")


def _as_visitor(staff: Staff) -> Visitor:
    return Visitor(
        id=staff.id,
        name=staff.name,
        login=staff.login,
        role=staff.role,  # type: ignore[arg-type]
        session_key=staff.session_key,
        office_ids=tuple(office.id for office in staff.offices),
    )
