"""The OpenAPI document: operations, the published contracts as components, and real examples.

Every example is made by running the operation on the tables held, so none can be out of date.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from facetwise import schemas
from facetwise.pages.as_markdown import NOTICE
from facetwise.version import __version__
from facetwise.web.api.operation import EVERY, Operation, as_bytes
from facetwise.web.api.query import Parameter
from facetwise.web.problem import MEDIA

Json = dict[str, Any]

_NDJSON = "application/x-ndjson"
_JSON = "application/json"
_MEANS = {
    400: "The request or its body cannot be read.",
    401: "The server asks for its token, and the request brings none or a wrong one.",
    403: "A page of another site may not send here.",
    404: "No table or rule held is called so.",
    406: "What is asked for is answered in another form only.",
    408: "The body stopped coming.",
    413: "The body is too large.",
    415: "The body is of another type than the operation takes.",
    421: "The server does not answer to that host name.",
    422: "It was read, and is not what the operation takes: every fault with its path.",
    429: "Too many requests from this address; Retry-After says how many seconds to wait.",
    500: "A defect of the server; nothing of what was sent is kept or logged.",
    503: "Too much is being worked on; send it again in a while.",
    507: "The disk is almost full.",
}
_ABOUT = """\
Cited, dated answers for image-guided spine procedures, from official files. Every statement names
its source, edition and window. Verdicts are `pass`, `fail`, `review` and `not_checked`; what is
`not_checked` was not answered and never counts as a pass. The same request to the same tables gives
the same bytes; `tables` in each answer names the exact set. Dates are never taken from the clock.
Parameters that an operation does not know are refused."""


def document(operations: Sequence[Operation], tables: str) -> bytes:
    """The document, as it is served.

    Args:
        operations: every operation.
        tables: digest of the tables held.
    """
    used = sorted(
        {o.contract for o in operations} | {c for o in operations for c in o.sends.values() if c}
    )
    paths: dict[str, Json] = {}
    for operation in operations:
        address = paths.setdefault(f"/api/v1{operation.path}", {})
        address[operation.method.lower()] = _operation(operation)
    return as_bytes(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Facetwise",
                "version": __version__,
                "summary": "Codes, edits, coverage and payment of spine procedures, with sources.",
                "description": f"{_ABOUT}\n\n{NOTICE}",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                "x-tables": tables[:16],
            },
            "servers": [{"url": "/"}],
            "security": [{}, {"token": []}],
            "paths": paths,
            "components": {
                "schemas": {k: v for name in used for k, v in _components(name).items()}
                | {"problem": _PROBLEM},
                "responses": {_name(status): _problem(status) for status in _MEANS},
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "Of a server that others can reach.",
                    }
                },
            },
        }
    )


def _operation(operation: Operation) -> Json:
    told: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.says,
        "parameters": [
            *(_parameter(p, "path", operation.example.path) for p in operation.path_takes),
            *(_parameter(p, "query", dict(operation.example.query)) for p in operation.takes),
        ],
        "responses": {
            "200": _answer(operation),
            **{
                str(status): {"$ref": f"#/components/responses/{_name(status)}"}
                for status in sorted({*EVERY, *operation.may})
            },
        },
    }
    if operation.sends:
        told["requestBody"] = {"required": True, "content": _sent(operation)}
    return told


def _sent(operation: Operation) -> Json:
    content: Json = {}
    for media, contract in operation.sends.items():
        content[media] = {"schema": _ref(contract)} if contract else {}
        if media == operation.example.media:
            content[media]["example"] = json.loads(operation.example.body)
    return content


def _answer(operation: Operation) -> Json:
    content: Json = {
        _JSON: {"schema": _ref(operation.contract), "example": operation.shown()},
    }
    if _NDJSON in operation.sends:
        content[_NDJSON] = {
            "schema": {
                "type": "string",
                "description": f"A line an object of the contract {operation.contract}.",
            }
        }
    return {"description": operation.summary, "content": content}


def _parameter(parameter: Parameter, place: str, example: Mapping[str, str]) -> Json:
    schema: Json = dict(parameter.schema)
    if parameter.repeats:
        schema = {"type": "array", "items": schema}
    told: Json = {
        "name": parameter.name,
        "in": place,
        "required": parameter.required,
        "description": parameter.says,
        "schema": schema,
    }
    if parameter.name in example:
        told["example"] = example[parameter.name]
    return told


def _components(name: str) -> dict[str, Json]:
    """A contract and its parts, each a component that the others refer to by its own name."""
    schema: Json = json.loads(schemas.read(name))
    parts: dict[str, Json] = schema.pop("$defs", {})
    schema.pop("$schema")
    contract = schema.pop("$id")
    schema["description"] = f"{contract}. {schema.get('description', '')}".strip()
    whole = {name: schema, **{f"{name}.{part}": inner for part, inner in parts.items()}}
    return {key: _rerouted(value, name) for key, value in whole.items()}


def _rerouted(value: Any, name: str) -> Any:
    """A schema with the references among its parts as references among components."""
    if isinstance(value, list):
        return [_rerouted(inner, name) for inner in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast("Json", value)
    told = {key: _rerouted(inner, name) for key, inner in members.items()}
    if "$ref" in told:
        told["$ref"] = told["$ref"].replace("#/$defs/", f"#/components/schemas/{name}.")
    return told


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _name(status: int) -> str:
    return HTTPStatus(status).name.lower().replace("_", "-")


def _problem(status: int) -> Json:
    return {
        "description": _MEANS[status],
        "content": {MEDIA: {"schema": _ref("problem")}},
    }


_PROBLEM: Json = {
    "type": "object",
    "description": "A problem (RFC 9457) with every fault of the request.",
    "required": ["type", "title", "status", "faults"],
    "additionalProperties": False,
    "properties": {
        "type": {
            "type": "string",
            "description": "`urn:facetwise:error:` and the kind, as docs/errors.md lists them, "
            "or `about:blank`.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message", "todo"],
                "additionalProperties": False,
                "properties": {
                    "path": {
                        "type": "string",
                        "description": "JSON pointer into the body, `query/NAME`, `path/NAME`, or "
                        "the place in a file of claims; blank for the whole.",
                    },
                    "message": {"type": "string", "description": "What was wrong."},
                    "todo": {"type": "string", "description": "What to do about it."},
                },
            },
        },
    },
}
