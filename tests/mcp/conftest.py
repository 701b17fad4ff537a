"""The MCP server in processes of its own, asked by the client of the `mcp` package."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

COMMAND = (sys.executable, "-m", "facetwise", "mcp")


class Asked:
    """A connected client, asked from a test that does not wait by itself."""

    def __init__(self, portal: BlockingPortal, client: Client, errors: Path) -> None:
        self._portal = portal
        self.client = client
        self.errors = errors

    def tools(self) -> dict[str, Any]:
        """The tools listed, by name."""
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def call(self, name: str, **arguments: Any) -> Any:
        """The result of a tool; the client itself holds it against the output schema."""
        return self._portal.call(self.client.call_tool, name, arguments)


@pytest.fixture(scope="session")
def http_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of `facetwise mcp --http`, and the file of its standard error."""
    errors = tmp_path_factory.mktemp("http") / "stderr"
    with errors.open("w") as file:
        process = subprocess.Popen(
            [*COMMAND, "--http", "--port", "0"], stdout=subprocess.PIPE, stderr=file, text=True
        )
    assert process.stdout
    line = process.stdout.readline()
    if " at http://" in line:
        yield line.split(" at ")[1].split(" ")[0], errors
    process.terminate()
    process.communicate(timeout=20)
    assert " at http://" in line, errors.read_text()


@pytest.fixture(scope="session", params=["stdio", "http", "http without a handshake"])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A client of each door; the last speaks the protocol that has no `initialize`."""
    with ExitStack() as stack:
        if request.param == "stdio":
            errors = tmp_path_factory.mktemp("stdio") / "stderr"
            log = stack.enter_context(errors.open("w"))
            environment = {"FACETWISE_DATA": os.environ["FACETWISE_DATA"]}
            started = StdioServerParameters(
                command=COMMAND[0], args=list(COMMAND[1:]), env=environment
            )
            server: Any = stdio_client(started, errlog=log)
        else:
            server, errors = request.getfixturevalue("http_server")
        mode = "auto" if "without" in request.param else "legacy"
        portal = stack.enter_context(start_blocking_portal())
        client = stack.enter_context(portal.wrap_async_context_manager(Client(server, mode=mode)))
        yield Asked(portal, client, errors)
