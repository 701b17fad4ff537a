"""The server: lists the tools, calls one, and tells what was wrong without what was sent."""

import json
import logging
from pathlib import Path
from typing import Any

from mcp import MCPError
from mcp.server.lowlevel import Server
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as Listed

from facetwise.errors import FacetwiseError
from facetwise.mcp.arguments import BadArgumentError, Json, read_arguments
from facetwise.mcp.texts import INSTRUCTIONS
from facetwise.mcp.tools import Tool, tools
from facetwise.version import __version__

_HARMLESS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_REPORT = "Nothing of what was sent was kept. Please report what was done, without the data."


def make_server() -> Server[Any]:
    """The server, for any transport.

    Calls are answered in the event loop, one at a time: an answer takes milliseconds, and one
    connection to the tables is enough.
    """
    _keep_no_log()
    known = tools()
    listed = [_listed(tool) for tool in known.values()]

    async def list_tools(_: object, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=listed)

    async def call_tool(_: object, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name not in known:
            raise MCPError(INVALID_PARAMS, f"No such tool. Tools: {', '.join(known)}.")
        return call(known[asked.name], asked.arguments or {})

    return Server(
        "facetwise",
        title="Facetwise",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=lambda name: known[name].input_schema if name in known else None,
    )


def call(tool: Tool, given: Json) -> CallToolResult:
    """The answer of a tool, as data and as text, or what was wrong."""
    try:
        answer = tool.answer(read_arguments(given, tool.arguments))
    except FacetwiseError as error:
        return _wrong(error.id, error.message, error.where, error.todo)
    except BadArgumentError as error:
        return _wrong("request", error.message, error.where, error.todo)
    except Exception as error:  # a defect of ours; its message might hold what was sent
        message = f"something went wrong here that should not ({type(error).__name__})."
        return _wrong("internal", message, _place(error), _REPORT)
    return CallToolResult(content=[_text(answer)], structured_content=answer)


def _wrong(kind: str, message: str, where: str, todo: str) -> CallToolResult:
    """An error as text only: what is structured must keep the tool's contract."""
    told = {"error": kind, "message": message, "where": where, "todo": todo}
    return CallToolResult(content=[_text(told)], is_error=True)


def _text(told: Json) -> TextContent:
    return TextContent(text=json.dumps(told, ensure_ascii=False))


def _place(error: Exception) -> str:
    """File and line of a defect."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"


def _listed(tool: Tool) -> Listed:
    return Listed(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=_HARMLESS,
    )


def _keep_no_log() -> None:
    """The packages beneath may log a message that they could not handle: not here."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    logger = logging.getLogger("mcp")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
