"""Compact JSON as text, which is what the log is made of: hashes, events as they travel, cases as rows.

`json.JSONEncoder.encode` builds its C part anew at each call, which costs more than a small object does. Here it is built once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder as _json
from typing import Any


def encoder(*, sort_keys: bool = False, default: Callable[[Any], Any] | None = None) -> Callable[[Any], str]:
    """What `json.JSONEncoder` with these, without blanks and without escapes beyond JSON's own, makes of a dict or a list.

    `default` turns a value that JSON does not know into one that it does. Raises TypeError where there is none, as `json` does.
    """
    plain = json.JSONEncoder(
        ensure_ascii=False, separators=(",", ":"), check_circular=False, sort_keys=sort_keys, default=default
    )
    make = getattr(_json, "c_make_encoder", None)
    if make is None:  # an interpreter without the C part
        return plain.encode
    chunks = make(None, plain.default, _json.encode_basestring, None, ":", ",", sort_keys, False, True)

    def encode(value: Any) -> str:
        return "".join(chunks(value, 0))

    return encode
