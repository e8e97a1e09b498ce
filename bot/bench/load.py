"""The load generator: a process of its own that posts signed events over kept connections. Standard library only.

python -m bot.bench.load JOB.json      (JOB: the fields of Job; the result is written to the file it names)

At a rate it is an open loop: acknowledgements are measured from the moment an event was due, so a server that falls
behind cannot slow its own measurement down. Without a rate every connection posts as fast as it is answered. With a
window, at most that many events are under way from end to end: lines of standard input say how many are done.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Job:
    """One load. Citizens are taken in turn; `citizens` 0 gives every event one of its own."""

    port: int
    secret: str
    texts: list[str]
    seconds: float
    result: str
    name: str  # keeps the ids of different loads apart
    rate: float = 0.0  # events per second; 0: as fast as they are answered
    window: int = 0  # most events under way; 0: no bound
    connections: int = 32
    citizens: int = 1000
    most: int = 100_000


@dataclass(frozen=True)
class Post:
    """A request, ready to be sent."""

    token: str
    citizen: str
    request: bytes


class Connection:
    """One kept connection to the web server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, request: bytes) -> int:
        """The status of the answer; 0 when there was none."""
        try:
            return await asyncio.wait_for(self._exchange(request), PATIENCE_SECONDS)
        except (OSError, EOFError, TimeoutError, ValueError):
            self._streams = None
            return 0

    async def _exchange(self, request: bytes) -> int:
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        _, _, after = head.partition(b"content-length:")
        await reader.readexactly(int(after.split(b"\r\n", 1)[0]))
        if b"connection: close" in head:
            writer.close()
            self._streams = None
        return int(head.split(b" ", 2)[1])


def posts(job: Job, count: int) -> Iterator[Post]:
    """`count` signed requests of one event each."""
    now_ms = int(time.time() * 1000)
    for number in range(count):
        who = number % job.citizens if job.citizens else number
        group = "shared" if job.citizens else job.name
        citizen = "U" + hashlib.md5(f"{group} {who}".encode(), usedforsecurity=False).hexdigest()
        token = uuid.uuid4().hex
        event = {
            "type": "message",
            "mode": "active",
            "timestamp": now_ms + number,
            "source": {"type": "user", "userId": citizen},
            "webhookEventId": f"{job.name}-{token}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": token,
            "message": {
                "id": str(uuid.uuid4().int % 10**18),
                "type": "text",
                "quoteToken": token,
                "text": job.texts[number % len(job.texts)],
            },
        }
        body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}, ensure_ascii=False).encode()
        yield Post(token, citizen, signed_request(body, job.secret))


def signed_request(body: bytes, secret: str) -> bytes:
    """The bytes of a POST to /callback with LINE's signature."""
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    head = (
        "POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: LineBotWebhook/2.0\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nx-line-signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Load:
    """A job under way; `rows` are token, citizen, epoch ms when due, acknowledgement in ms, status."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = 0
        self.begun = 0
        self.rows: list[tuple[str, str, float, float, int]] = []
        self.late_ms: list[float] = []
        count = int(job.rate * job.seconds) if job.rate else min(job.most, int(job.seconds * 2500))
        self._ready = list(posts(job, count))
        self._queue: asyncio.Queue[tuple[Post, float]] = asyncio.Queue()

    async def run(self) -> None:
        """Post until the time is over and all that was posted is answered."""
        lines = [Connection(self.job.port) for _ in range(self.job.connections)]
        listener = asyncio.create_task(self._listen()) if self.job.window else None
        self._start = time.monotonic() + 0.2
        self._epoch_ms = (time.time() + 0.2) * 1000
        work: Callable[[Connection], Awaitable[None]] = self._take if self.job.rate else self._repeat
        loops = [asyncio.create_task(_awaited(work, line)) for line in lines]
        if self.job.rate:
            await self._schedule()
            await self._queue.join()
            for loop in loops:
                loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        if listener is not None:
            listener.cancel()

    async def _schedule(self) -> None:
        for number, post in enumerate(self._ready):
            due = number / self.job.rate
            wait = self._start + due - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            self.late_ms.append(max(0.0, (time.monotonic() - self._start - due) * 1000))
            self._queue.put_nowait((post, due))

    async def _take(self, line: Connection) -> None:
        while True:
            post, due = await self._queue.get()
            await self._send(line, post, due)
            self._queue.task_done()

    async def _repeat(self, line: Connection) -> None:
        while self.begun < len(self._ready) and time.monotonic() < self._start + self.job.seconds:
            if time.monotonic() < self._start or (self.job.window and self.begun - self.done >= self.job.window):
                await asyncio.sleep(0.005)
                continue
            post = self._ready[self.begun]
            self.begun += 1
            await self._send(line, post, time.monotonic() - self._start)

    async def _send(self, line: Connection, post: Post, due: float) -> None:
        status = await line.post(post.request)
        took = (time.monotonic() - self._start - due) * 1000
        self.rows.append((post.token, post.citizen, self._epoch_ms + due * 1000, took, status))

    async def _listen(self) -> None:
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while told := await reader.readline():
            self.done = int(told)


async def _awaited(work: Callable[[Connection], Awaitable[None]], line: Connection) -> None:
    await work(line)


def main() -> None:
    """Do the job of the file named on the command line."""
    given: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    load = Load(Job(**given))
    asyncio.run(load.run())
    result = {"rows": load.rows, "late_ms": load.late_ms}
    Path(load.job.result).write_text(json.dumps(result))


def job_file(job: Job, path: Path) -> None:
    """Write a job where main() reads it."""
    path.write_text(json.dumps(asdict(job)))


if __name__ == "__main__":
    main()
