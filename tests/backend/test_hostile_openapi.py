"""The doors keep to what `/openapi.json` says: a share of `make fuzz` for every run, with cases drawn from the OpenAPI itself."""

from __future__ import annotations

import json
from typing import Any

import httpx
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.database import Database
from tests.backend.callers import LETTER, Everybody, come

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.text(max_size=30), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2), st.sampled_from(["", "0", "x" * 300, "é", "\U0001f600", "1e9"]),
)  # fmt: skip


def resolved(schema: Any, whole: Any) -> Any:
    """The schema that a reference stands for."""
    while "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def drawn(schema: Any, whole: Any) -> st.SearchStrategy[Any]:
    """Values of the schema's form, its lengths and patterns left out: some are right, all are near."""
    schema = resolved(schema, whole)
    if parts := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of(*(drawn(part, whole) for part in parts))
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    kind = schema.get("type")
    if kind == "object":
        known = {name: drawn(of, whole) for name, of in schema.get("properties", {}).items()}
        needed = {name: known.pop(name) for name in schema.get("required", ()) if name in known}
        return st.fixed_dictionaries(needed, optional=known)
    if kind == "array":
        return st.lists(drawn(schema.get("items", {}), whole), max_size=3)
    simple = {"string": st.text(max_size=20), "integer": st.integers(), "number": st.floats(allow_nan=False)}
    simple |= {"boolean": st.booleans(), "null": st.none()}
    return simple.get(str(kind), JUNK)


def wrong(value: Any, schema: Any, whole: Any, at: str = "") -> str | None:
    """Where a value is not as its schema says; None where it is. Knows what our schemas use."""
    schema = resolved(schema, whole)
    if parts := schema.get("anyOf"):
        found = [wrong(value, part, whole, at) for part in parts]
        return found[0] if all(found) else None
    kinds: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    kinds |= {"object": dict, "array": list}
    kind = schema.get("type")
    if kind and (not isinstance(value, kinds[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return f"{at}: {value!r} is no {kind}"
    if isinstance(value, list):
        return next(
            (no for n, v in enumerate(value) if (no := wrong(v, schema.get("items", {}), whole, f"{at}.{n}"))), None
        )
    if isinstance(value, dict):
        if missing := [name for name in schema.get("required", ()) if name not in value]:
            return f"{at}: without {missing}"
        rest = schema.get("additionalProperties", True)
        for name, v in value.items():
            known = schema.get("properties", {}).get(name, rest)
            if known is False:
                return f"{at}.{name}: not known"
            if isinstance(known, dict) and (no := wrong(v, known, whole, f"{at}.{name}")):
                return no
    return None


def doors(app: FastAPI) -> list[tuple[str, str]]:
    found = [(method, path) for path, of in app.openapi()["paths"].items() for method in of]
    return [door for door in found if door[1] != "/v1/logout"]


def _request(everybody: Everybody, whole: Any, method: str, path: str, data: st.DataObject) -> dict[str, Any]:
    """One request to a door, as httpx takes it."""
    door = whole["paths"][path][method]
    ends_keys = {"admin"} if path.startswith("/v1/tokens/") else set()
    kind = data.draw(st.sampled_from(sorted({"nobody", *everybody.keys} - ends_keys)))
    names: dict[str, str] = {}
    query: dict[str, Any] = {}
    for p in door.get("parameters", ()):
        if p["in"] == "path":
            there = everybody.things.get(p["name"], "0")
            names[p["name"]] = data.draw(st.one_of(st.just(there), st.sampled_from(["0", "x" * 90, "%00", "..%2f"])))
        elif p["name"] != "w" and (p.get("required") or data.draw(st.booleans())):  # with `w` a poll waits
            query[p["name"]] = str(data.draw(st.one_of(drawn(p["schema"], whole), JUNK)))
    made: dict[str, Any] = {"headers": everybody.headers(kind)}
    for media, of in door.get("requestBody", {}).get("content", {}).items():
        text = json.dumps(data.draw(st.one_of(drawn(of["schema"], whole), JUNK))).encode()
        made = {"headers": made["headers"] | {"content-type": media}}
        made["content"] = text if media == "application/json" else b"\x00" + text
    return made | {"method": method, "url": path.format(**names), "params": query}


def _requests(everybody: Everybody, whole: Any, method: str, path: str) -> list[dict[str, Any]]:
    """The same few each time."""
    made: list[dict[str, Any]] = []

    @settings(max_examples=8, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        made.append(_request(everybody, whole, method, path, data))

    draw()
    return made


def _fits(answer: httpx.Response, door: Any, whole: Any, where: str) -> None:
    assert answer.status_code < 500, where
    said = door["responses"].get(str(answer.status_code))
    assert said is not None, f"{where}: {answer.status_code} is not documented: {answer.text}"
    media = answer.headers.get("content-type", "").split(";")[0]
    content = said.get("content", {})
    assert not content or media in content or "*/*" in content, f"{where}: {answer.status_code} as {media}"
    if media.endswith("json"):
        no = wrong(answer.json(), content[media].get("schema", {}), whole)
        assert no is None, f"{where}: {no}"


async def test_what_may_be_left_out_may_also_be_null(client: httpx.AsyncClient, db: Database, app: FastAPI) -> None:
    """A form that says null where the OpenAPI allows it is no error of ours."""
    everybody, whole = await come(client, db), app.openapi()
    form = whole["components"]["schemas"]["LetterIn"]["properties"]
    empty = {name: None for name, of in form.items() if {"type": "null"} in of.get("anyOf", ())}
    assert len(empty) > 4
    answer = await client.post(
        "/v1/letters", json=LETTER | empty | {"number": "9"}, headers=everybody.headers("channel")
    )
    assert answer.status_code == 201, answer.text


async def test_every_answer_is_one_that_the_openapi_names(
    client: httpx.AsyncClient, db: Database, app: FastAPI
) -> None:
    everybody, whole = await come(client, db), app.openapi()
    for method, path in doors(app):
        for one in _requests(everybody, whole, method, path):
            answer = await client.request(**one)
            _fits(answer, whole["paths"][path][method], whole, f"{method} {path} {one}")
