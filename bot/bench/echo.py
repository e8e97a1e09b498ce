"""Yardstick (a): a bare echo bot in line-bot-sdk's usual pattern, which answers inside LINE's request.

Source of the pattern: github.com/line/line-bot-sdk-python, examples/flask-echo.
"""

import os

from flask import Flask, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent, TextMessageContent


def make() -> Flask:
    """The echo bot as the environment sets it up."""
    app = Flask(__name__)
    configuration = Configuration(
        host=os.environ["LINE_API_BASE_URL"], access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"]
    )
    handler = WebhookHandler(os.environ["LINE_CHANNEL_SECRET"])

    @app.post("/callback")
    def callback() -> str:
        try:
            handler.handle(request.get_data(as_text=True), request.headers["X-Line-Signature"])
        except InvalidSignatureError:
            abort(400)
        return "OK"

    @handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator, unused-ignore]
    def echo(event: MessageEvent) -> None:
        with ApiClient(configuration) as client:
            MessagingApi(client).reply_message_with_http_info(
                ReplyMessageRequest(reply_token=event.reply_token, messages=[TextMessage(text=event.message.text)])
            )

    return app
