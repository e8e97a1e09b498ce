"""Which answer does LINE give to each call of its Messaging API?

Only what the bot uses, at the paths of https://developers.line.biz/en/reference/messaging-api/. Messages of refusal are
LINE's own where known. A lost answer is one that was accepted and then never came: the connection is closed.
"""

import json
import secrets
import socket
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request

from bot.stand_in.limits import LOADING, PUSH, REPLY, VALIDATE, faults
from bot.stand_in.records import (
    AlreadyAccepted,
    InvalidReplyToken,
    Json,
    MonthlyLimitReached,
    Request,
    UnknownReceiver,
)
from bot.stand_in.schema import Check
from bot.stand_in.state import StandIn

BODY_BYTES = 2 * 1024 * 1024
MONTHLY_LIMIT = "You have reached your monthly limit."
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
INVALID_TOKEN = "Invalid reply token"

View = Callable[..., Response]


class Refused(Exception):
    """The call is answered with this status and message."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, **more}


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    """`body` as JSON with LINE's header x-line-request-id."""
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json")
    response.headers["x-line-request-id"] = g.line_request_id
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def parsed_body() -> Json:
    """The request's JSON object; Refused 413 when too large and 400 when it is none."""
    if (request.content_length or 0) > BODY_BYTES:
        raise Refused(413, "Request Entity Too Large")
    raw = request.get_data()
    if len(raw) > BODY_BYTES:
        raise Refused(413, "Request Entity Too Large")
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refused(400, "The request body could not be parsed as JSON (line: 1, column: 1)") from None
    if not isinstance(body, dict):
        raise Refused(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
    g.line_body = body
    return body


def checked_body(stand_in: StandIn, rule: Check) -> Json:
    """The request's JSON object, which keeps `rule`; Refused 400 with LINE's list of details."""
    body = parsed_body()
    found = faults(rule, body, local_http=stand_in.allows_local_http)
    if found:
        details = [{"message": fault.message, "property": fault.property} for fault in found]
        raise Refused(400, f"The request body has {len(found)} error(s)", details=details)
    return body


def retry_key() -> str | None:
    """The header X-Line-Retry-Key in one spelling, None without; Refused 400 when it is no UUID."""
    value = request.headers.get("X-Line-Retry-Key")
    if value is None:
        return None
    try:
        return str(UUID(value))
    except ValueError:
        raise Refused(400, "Invalid retry key") from None


def hang_up(seconds: float) -> Response:
    """The connection is closed after `seconds` without an answer; 504 where the server hides its socket."""
    time.sleep(seconds)
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return answer({"message": "Gateway Timeout"}, 504)


def make_api(stand_in: StandIn) -> Blueprint:
    """The blueprint with LINE's API for this channel."""
    api = Blueprint("line_api", __name__)

    def guarded(*, is_send: bool = False) -> Callable[[View], View]:
        """Around every view: request id, delay, bearer, faults, the record of the call."""

        def wrap(view: View) -> View:
            @wraps(view)
            def call(*args: Any, **kwargs: Any) -> Response:
                g.line_request_id = secrets.token_hex(16)
                g.line_body = None
                time.sleep(stand_in.faults.delay_seconds(request.path))
                try:
                    response = guarded_call(view, is_send, args, kwargs)
                except Refused as refused:
                    response = answer(refused.body, refused.status)
                _record(stand_in, response)
                return response

            return call

        return wrap

    def guarded_call(view: View, is_send: bool, args: Any, kwargs: Any) -> Response:
        if not secrets.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {stand_in.access_token}".encode()
        ):
            raise Refused(
                401,
                "Authentication failed due to the following reason: invalid token. "
                "Confirm that the access token in the authorization header is valid.",
            )
        trouble = stand_in.faults.take(request.path, is_send=is_send)
        if trouble == "rate":
            raise Refused(429, RATE_LIMIT)
        if trouble == "fail":
            raise Refused(500, "Internal Server Error")
        response = view(*args, **kwargs)
        if trouble == "lose" and response.status_code == 200:
            _record(stand_in, response)
            return hang_up(stand_in.faults.settings.lose_after_seconds)
        return response

    @api.post("/v2/bot/message/reply")
    @guarded(is_send=True)
    def reply() -> Response:
        if "X-Line-Retry-Key" in request.headers:
            raise Refused(400, "The retry key is not supported by this API")
        body = checked_body(stand_in, REPLY)
        try:
            delivery = stand_in.accept_reply(body, dict(request.headers), g.line_request_id)
        except InvalidReplyToken:
            raise Refused(400, INVALID_TOKEN) from None
        return answer({"sentMessages": list(delivery.sent_messages)})

    @api.post("/v2/bot/message/push")
    @guarded(is_send=True)
    def push() -> Response:
        key = retry_key()
        body = checked_body(stand_in, PUSH)
        try:
            delivery = stand_in.accept_push(body, dict(request.headers), g.line_request_id, retry_key=key)
        except AlreadyAccepted as accepted:
            return answer(
                {
                    "message": "The retry key is already accepted",
                    "sentMessages": list(accepted.first.sent_messages),
                },
                409,
                x_line_accepted_request_id=accepted.first.request_id,
            )
        except MonthlyLimitReached:
            raise Refused(429, MONTHLY_LIMIT) from None
        except UnknownReceiver:
            raise Refused(400, "Failed to send messages") from None
        return answer({"sentMessages": list(delivery.sent_messages)})

    @api.post("/v2/bot/message/validate/reply")
    @api.post("/v2/bot/message/validate/push", endpoint="validate_push")
    @guarded()
    def validate() -> Response:
        checked_body(stand_in, VALIDATE)
        return answer({})

    @api.get("/v2/bot/message/quota")
    @guarded()
    def quota() -> Response:
        limit = stand_in.monthly_limit
        return answer({"type": "none"} if limit is None else {"type": "limited", "value": limit})

    @api.get("/v2/bot/message/quota/consumption")
    @guarded()
    def consumption() -> Response:
        return answer({"totalUsage": stand_in.consumption})

    @api.get("/v2/bot/profile/<user_id>")
    @guarded()
    def profile(user_id: str) -> Response:
        citizen = stand_in.citizen(user_id)
        if citizen is None or citizen.is_blocking:
            raise Refused(404, "Not found")
        return answer({"userId": citizen.user_id, "displayName": citizen.name, "language": "th"})

    @api.get("/v2/bot/group/<group_id>/member/<user_id>")
    @guarded()
    def member(group_id: str, user_id: str) -> Response:
        citizen = stand_in.citizen(user_id)
        if citizen is None or group_id != stand_in.group_id or not citizen.in_group:
            raise Refused(404, "Not found")
        return answer({"userId": citizen.user_id, "displayName": citizen.name})

    @api.get("/v2/bot/info")
    @guarded()
    def info() -> Response:
        return answer(
            {
                "userId": stand_in.bot_user_id,
                "basicId": "@standin",
                "displayName": stand_in.bot_name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    @api.get("/v2/bot/message/<content_id>/content")
    @api.get("/v2/bot/message/<content_id>/content/preview", endpoint="content_preview")
    @guarded()
    def content(content_id: str) -> Response:
        kept = stand_in.chats.fetch_content(content_id)
        if kept is None:
            raise Refused(404, "Not found")
        if kept.gone:
            raise Refused(410, "Gone")
        if kept.not_ready:
            return answer({}, 202)
        response = Response(kept.data, content_type=kept.content_type)
        response.headers["x-line-request-id"] = g.line_request_id
        return response

    @api.get("/v2/bot/message/<content_id>/content/transcoding")
    @guarded()
    def transcoding(content_id: str) -> Response:
        kept = stand_in.chats.content(content_id)
        if kept is None or kept.gone:
            raise Refused(404, "Not found")
        return answer({"status": "processing" if kept.not_ready else "succeeded"})

    @api.post("/v2/bot/chat/loading/start")
    @guarded()
    def loading() -> Response:
        body = checked_body(stand_in, LOADING)
        stand_in.show_loading(body["chatId"], body.get("loadingSeconds", 20))
        return answer({}, 202)

    @api.post("/v2/bot/chat/markAsRead")
    @guarded()
    def mark_as_read_by_token() -> Response:
        if not stand_in.chats.mark_read(str(parsed_body().get("markAsReadToken", ""))):
            raise Refused(400, "Invalid markAsReadToken")
        return answer({})

    @api.post("/v2/bot/message/markAsRead")
    @guarded()
    def mark_as_read() -> Response:
        chat = parsed_body().get("chat")
        citizen = stand_in.citizen(str(chat.get("userId", ""))) if isinstance(chat, dict) else None
        if citizen is None:
            raise Refused(400, "The request body has 1 error(s)", details=[{"message": "invalid", "property": "chat"}])
        stand_in.chats.mark_all_read(citizen.user_id)
        return answer({})

    return api


def _record(stand_in: StandIn, response: Response) -> None:
    stand_in.log_request(
        Request(
            method=request.method,
            path=request.path,
            headers=dict(request.headers),
            body=g.line_body,
            status=response.status_code,
            answer=response.get_json(silent=True),
            request_id=g.line_request_id,
            at=stand_in.now(),
        )
    )
