"""The server under load, measured from a process of its own over loopback.

    .venv/bin/python -m benchmarks.serve_load [--rate 300] [--seconds 20 | --minutes 10]
    .venv/bin/python -m benchmarks.serve_load --large 500

The first sends single claims to `POST /api/v1/check` at a steady rate; the second one file of so
many MB to the Check screen, and asks for the first page all the while. Both print response times
and the memory of the server and of the process that checks.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.read_837 import segments

ROOT = Path(__file__).parent.parent
AS_OF = "2026-11-24"
_CONNECTIONS = 16
_CHUNK = 1 << 18
_CLAIMS = 64


class Server:
    """`facetwise serve` on a free port, with a data folder of its own."""

    def __enter__(self) -> "Server":
        self._data = tempfile.TemporaryDirectory()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "facetwise", "serve", "--port", "0"],
            stdout=subprocess.PIPE, text=True,
            env={**os.environ, "FACETWISE_DATA": self._data.name, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self._process.stdout
        line = self._process.stdout.readline()
        self.port = int(line.split("http://")[1].split("/")[0].rpartition(":")[2])
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._data.cleanup()

    def seconds(self) -> float:
        """Processor seconds the server has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> tuple[float, float]:
        """Resident MB of the server, and of the largest process it started."""
        own = self._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return resident(own), max((resident(int(child)) for child in children), default=0.0)


def resident(process: int) -> float:
    """Resident memory in MB; 0 when the process is gone."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if "VmRSS" in line), 0.0)


class Connection:
    """One kept-alive connection, and answers read whole."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer."""
        reader, writer = await self._open()
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\n"
            f"content-length: {len(body)}\r\n{headers}\r\n"
        )
        writer.write(head.encode() + body)
        return await self._answer(reader)

    async def send(self, path: str, size: int, body: AsyncIterator[bytes]) -> str:
        """Post a body as it comes; where the answer leads."""
        reader, writer = await self._open()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\ncontent-length: {size}\r\n"
            "x-fragment: 1\r\nx-file-name: large.837\r\n\r\n"
        )
        writer.write(head.encode())
        async for piece in body:
            writer.write(piece)
            await writer.drain()
        status, headers, _ = await self._answer(reader)
        assert status == 201, status
        return headers["location"]

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self._reader, self._writer

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = b""
        if "content-length" in headers:
            body = await reader.readexactly(int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        if headers.get("connection") == "close":
            self._reader = self._writer = None
        return int(lines[0].split()[1]), headers, body


async def steady(server: Server, rate: float, seconds: float) -> dict[str, object]:
    """Single claims at a steady rate; times count from when a request was due."""
    bodies = single_claims()
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    took: list[float] = []
    wrong: list[int] = []
    memory: list[float] = []
    path = f"/api/v1/check?as_of={AS_OF}"

    async def client() -> None:
        connection = Connection(server.port)
        while True:
            at, body = await due.get()
            status, _, _ = await connection.ask("POST", path, body, X12)
            took.append(time.perf_counter() - at)
            if status != 200:
                wrong.append(status)
            due.task_done()

    for body in bodies:  # a first claim opens the tables
        await Connection(server.port).ask("POST", path, body, X12)
    used = server.seconds()
    clients = [asyncio.create_task(client()) for _ in range(_CONNECTIONS)]
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        at = begun + number / rate
        if (wait := at - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        due.put_nowait((at, bodies[number % len(bodies)]))
        if number % max(1, int(rate)) == 0:
            memory.append(server.memory()[0])
    await due.join()
    spent = time.perf_counter() - begun
    used = server.seconds() - used
    for one in clients:
        one.cancel()
    tenth = max(1, len(memory) // 10)
    return {
        "seconds": round(spent, 1),
        "asked_a_second": rate,
        "answered_a_second": round(len(took) / spent, 1),
        **percentiles(took),
        "server_processor_ms_each": round(used / len(took) * 1e3, 2),
        "load_average": round(os.getloadavg()[0], 1),
        "not_200": len(wrong),
        "server_mb_first_tenth": round(statistics.mean(memory[:tenth])),
        "server_mb_last_tenth": round(statistics.mean(memory[-tenth:])),
    }


async def large(server: Server, megabytes: int) -> dict[str, object]:
    """One large file to the Check screen, and the first page asked for all the while."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.837"
        claims = write_large(path, megabytes)
        size = path.stat().st_size

        async def pieces() -> AsyncIterator[bytes]:
            with path.open("rb") as file:
                while piece := file.read(_CHUNK):
                    yield piece

        took: list[float] = []
        memory: list[tuple[float, float]] = []
        done = asyncio.Event()

        async def watch() -> None:
            connection = Connection(server.port)
            while not done.is_set():
                begun = time.perf_counter()
                status, _, _ = await connection.ask("GET", "/")
                assert status == 200
                took.append(time.perf_counter() - begun)
                memory.append(server.memory())
                await asyncio.sleep(0.1)

        watching = asyncio.create_task(watch())
        begun = time.perf_counter()
        sender = Connection(server.port)
        address = await sender.send(f"/check?as_of={AS_OF}", size, pieces())
        sent = time.perf_counter() - begun
        while b"<progress" in (page := (await sender.ask("GET", address, b"", FRAGMENT))[2]):
            await asyncio.sleep(0.5)
        checked = time.perf_counter() - begun
        done.set()
        await watching
        opened = time.perf_counter()
        status, _, page = await sender.ask("GET", address)
        opened = time.perf_counter() - opened
        assert status == 200
        assert b"large.837" in page
        assert f"{claims:,} claims".encode() in page
    return {
        "megabytes": round(size / 1e6),
        "claims": claims,
        "seconds_to_send": round(sent, 1),
        "seconds_to_check": round(checked - sent, 1),
        "claims_a_second": round(claims / (checked - sent)),
        "load_average": round(os.getloadavg()[0], 1),
        "first_page_asked": len(took),
        **{f"first_page_{name}": value for name, value in percentiles(took).items()},
        "result_page_ms": round(opened * 1e3, 1),
        "server_mb_most": round(max(server for server, _ in memory)),
        "checking_process_mb_most": round(max(child for _, child in memory)),
    }


X12 = "content-type: application/edi-x12\r\n"
FRAGMENT = "x-fragment: 1\r\naccept: text/html\r\n"


def percentiles(took: list[float]) -> dict[str, float]:
    """Milliseconds."""
    ordered = sorted(took)
    return {
        f"p{share}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1e3, 1)
        for share in (50, 95, 99)
    }


def single_claims() -> list[bytes]:
    """Files of one claim each, with five lines."""
    made: list[bytes] = []
    for number in range(_CLAIMS):
        text = "".join(f"{segment}~" for segment in segments(1))
        made.append(text.replace("202608", f"2026{7 + number % 2:02}").encode())
    return made


def write_large(path: Path, megabytes: int) -> int:
    """A file of about so many MB; how many claims it holds."""
    sample = 1000
    each = sum(len(segment) + 2 for segment in segments(sample)) / sample
    claims = int(megabytes * 1e6 / each)
    with path.open("w", encoding="ascii") as file:
        file.writelines(f"{segment}~\n" for segment in segments(claims))
    return claims


def main() -> None:
    """Run one of the two and keep its figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--large", type=int, metavar="MB")
    options = parser.parse_args()
    with Server() as server:
        if options.large:
            name, work = "serve_large", large(server, options.large)
        else:
            seconds = options.minutes * 60 if options.minutes else options.seconds
            name, work = "serve_load", steady(server, options.rate, seconds)
        results = asyncio.run(work)
    for key, value in results.items():
        print(f"{key:28} {value}")
    path = ROOT / "benchmarks" / "results.json"
    held = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**held, name: results}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
