"""The processes of a bench: started on 127.0.0.1 with their output in files, waited for, and all ended with it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Self

START_SECONDS = 60.0
END_SECONDS = 10.0
GUNICORN = ("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--keep-alive", "30")  # as in the Procfile


class BenchError(RuntimeError):
    """The bench cannot go on; the message says which part did not do what."""


class Processes:
    """Child processes; leaving the context ends them all, also after an error."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[tuple[subprocess.Popen[bytes], IO[bytes]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process, _log in list(self._running):
            self.end(process)

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], *, fed: bool = False) -> "Child":
        """This interpreter with `arguments`; `fed` gives it a standard input to write to."""
        log = (self._folder / f"process-{time.monotonic_ns()}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=_environment(environment),
            stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._running.append((process, log))
        return Child(process, Path(log.name))

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ask the process and its children to end, then make them."""
        for sign, patience in ((signal.SIGTERM, END_SECONDS), (signal.SIGKILL, END_SECONDS)):
            if process.poll() is None:
                os.killpg(process.pid, sign)
                try:
                    process.wait(patience)
                except subprocess.TimeoutExpired:
                    continue
        for each, log in self._running:
            if each is process:
                log.close()
        self._running = [pair for pair in self._running if pair[0] is not process]

    def gunicorn(self, application: str, port: int, environment: Mapping[str, str]) -> "Child":
        """A web server as in the Procfile, on 127.0.0.1."""
        return self.start(["-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}", application], environment)


class Child:
    """One started process."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.started = time.monotonic()
        self._log = log

    def wait_until(self, look: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> float:
        """Seconds from its start until `look` said yes; raises BenchError when it ends or takes too long."""
        while not look():
            if self.process.poll() is not None or time.monotonic() - self.started > seconds:
                tail = self._log.read_text(errors="replace")[-1500:]
                raise BenchError(f"{what}: did not happen within {seconds:.0f} s\n{tail}")
            time.sleep(0.01)
        return time.monotonic() - self.started

    def output_once_ended(self, what: str, seconds: float) -> str:
        """What it printed, after it ended well within `seconds`."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = -1
        output = self._log.read_text(errors="replace")
        if code != 0:
            raise BenchError(f"{what}: did not end well within {seconds:.0f} s\n{output[-1500:]}")
        return output

    def memory_mb(self) -> float:
        """Resident memory of the process."""
        return memory_mb(self.process.pid)

    def children_memory_mb(self) -> float:
        """Resident memory of its largest child: gunicorn's workers are the ones that serve."""
        pid = self.process.pid
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return max(memory_mb(int(child)) for child in listed)


def memory_mb(pid: int) -> float:
    """Resident memory of a process in MB, as Linux counts it (pages shared with others included)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise BenchError(f"process {pid} has ended")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def is_answering(port: int, request: bytes) -> bool:
    """Whether the server on `port` answers this request with 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False


def _environment(chosen: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with `chosen` over it, without proxies: nothing leaves this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "WEB_CONCURRENCY": "2", "PYTHONWARNINGS": "ignore", **chosen}
