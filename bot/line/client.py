"""Calls to LINE. The only module that imports line-bot-sdk's sender (3 s and 60 MB): only processes that send import it."""

import threading
from dataclasses import dataclass
from typing import Any

import urllib3
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    MessagingApiBlob,
)
from pydantic import ValidationError

from bot.messages.outbox import Request
from bot.messages.outcomes import Accepted, MonthlyLimit, Outcome, RateLimited, Refused, TokenInvalid, Unclear
from bot.settings import Settings

TIMEOUT = (3.0, 10.0)  # seconds to connect, to read; the SDK has none of its own
CONNECTIONS = 48
REPLY_PATH, PUSH_PATH = "/v2/bot/message/reply", "/v2/bot/message/push"


@dataclass(frozen=True)
class Content:
    """A fetched picture, video, sound or file."""

    data: bytes
    content_type: str


@dataclass(frozen=True)
class NotYet:
    """LINE is still preparing it, or could not be reached: ask again."""


@dataclass(frozen=True)
class Gone:
    """LINE does not have it any more."""


class LineClient:
    """One connection pool to LINE, shared by the threads of a process."""

    def __init__(self, settings: Settings) -> None:
        self._api = MessagingApi(_client(settings, settings.line_api_base_url))
        self._blob = MessagingApiBlob(_client(settings, settings.line_data_base_url))
        self._quota_lock = threading.Lock()

    def send(self, request: Request) -> Outcome:
        """Send a delivery by its reply token, or push it under its retry key; never raises for what LINE does."""
        if request.reply_token is not None:
            path, body, key = REPLY_PATH, {"replyToken": request.reply_token, "messages": request.messages}, None
        else:
            path, body, key = PUSH_PATH, {"to": request.to, "messages": request.messages}, request.retry_key
        try:
            return Accepted(self._post(path, body, key))
        except ApiException as error:
            return _outcome(error)
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError, OSError) as error:
            return Unclear(type(error).__name__)

    def _post(self, path: str, body: dict[str, Any], retry_key: str | None) -> str | None:
        """LINE's request id. The messages were checked and frozen as JSON when they were rendered: the SDK sends them as
        they are, without making models of every part of a card again (a fifth of the worker's time)."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if retry_key is not None:
            headers["X-Line-Retry-Key"] = retry_key
        answer = self._api.api_client.call_api(
            path,
            "POST",
            header_params=headers,
            body=body,
            auth_settings=["Bearer"],
            response_types_map={},
            _request_timeout=TIMEOUT,
            _return_http_data_only=False,
        )
        return {key.lower(): value for key, value in (answer.headers or {}).items()}.get("x-line-request-id")

    def content(self, line_message_ref: str) -> Content | NotYet | Gone:
        """The bytes of a citizen's picture or file."""
        try:
            answer = self._blob.get_message_content_with_http_info(line_message_ref, _request_timeout=TIMEOUT)
        except ApiException as error:
            return Gone() if error.status in (400, 404, 410) else NotYet()
        except (urllib3.exceptions.HTTPError, OSError):
            return NotYet()
        if answer.status_code == 202 or answer.data is None:
            return NotYet()
        headers = {key.lower(): value for key, value in (answer.headers or {}).items()}
        return Content(bytes(answer.data), headers.get("content-type", "application/octet-stream"))

    def display_name(self, line_id: str) -> str | None:
        """The citizen's own name in LINE; None when LINE does not tell it (no friend, blocked); raises OSError to try again."""
        try:
            return str(self._api.get_profile(line_id, _request_timeout=TIMEOUT).display_name)
        except ApiException as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return None
            raise OSError("LINE did not answer") from error
        except (urllib3.exceptions.HTTPError, ValidationError) as error:
            raise OSError("LINE did not answer") from error

    def quota(self) -> tuple[int | None, int]:
        """This month's limit of paid messages (None: no limit) and how many are used; raises OSError."""
        try:
            with self._quota_lock:
                limit = self._api.get_message_quota(_request_timeout=TIMEOUT)
                used = self._api.get_message_quota_consumption(_request_timeout=TIMEOUT)
        except (ApiException, urllib3.exceptions.HTTPError, ValidationError) as error:
            raise OSError("LINE did not answer") from error
        return limit.value, int(used.total_usage)


def _client(settings: Settings, host: str) -> ApiClient:
    configuration = Configuration(host=host, access_token=settings.line_channel_access_token)
    configuration.connection_pool_maxsize = CONNECTIONS
    configuration.retries = False  # a repeat is a decision of the outbox, with the same token or key
    return ApiClient(configuration)


def _outcome(error: ApiException) -> Outcome:
    headers = {str(key).lower(): value for key, value in dict(error.headers or {}).items()}
    ref = headers.get("x-line-request-id")
    body = error.body if isinstance(error.body, str) else ""
    match error.status:
        case 409:
            return Accepted(headers.get("x-line-accepted-request-id") or ref)
        case 429:
            return MonthlyLimit(ref) if "monthly limit" in body else RateLimited(ref)
        case 400 if "Invalid reply token" in body:
            return TokenInvalid(ref)
        case int(status) if 400 <= status < 500:
            return Refused(status, ref)
        case status:
            return Unclear("server_error", status)
