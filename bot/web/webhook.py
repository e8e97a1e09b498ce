"""The door: LINE's events are verified, stored and acknowledged; everything else happens in a worker."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot.clock import utc_now
from bot.line.events import MAX_BODY_BYTES, BodyError, raw_events, read_event, signature_fits
from bot.messages.inbox import store_events
from bot.storage.engine import transaction
from bot.storage.wake import wake
from bot.web.access import allow_public
from bot.web.site import site

blueprint = Blueprint("webhook", __name__)


@blueprint.post("/callback")
@allow_public
def callback() -> Response:
    """200 once every event is committed; 401 for a wrong signature; 400 or 413 for a body that is no webhook."""
    here = site()
    try:
        request.max_content_length = MAX_BODY_BYTES
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _plain(413, "the body is over 2 MB")
    if not signature_fits(body, request.headers.get("x-line-signature"), here.settings.line_channel_secret):
        return _plain(401, "x-line-signature does not fit the body")
    now = utc_now()
    try:
        events = [(raw, read_event(raw, now)) for raw in raw_events(body)]
    except BodyError as error:
        return _plain(400, str(error))
    if events:
        with transaction(here.engine) as session:
            if store_events(session, events, secret_key=here.settings.secret_key, now=now):
                wake(session)
    return _plain(200, "OK")


def _plain(status: int, text: str) -> Response:
    return Response(text, status, mimetype="text/plain")
