"""Search, in one place to import from: tokens for the index, queries as typed, checks on the text (DESIGN.md §5).

The index is FTS5, `content='', contentless_delete=1, detail=none, tokenize='ascii'`; a row's text is
`" ".join(tokens(title, …) + facet_tokens(…))`. The store asks it with `match_expression(query)` and keeps the rows
for which `query.verify(title, body, place)` holds.
"""

from db.search_fold import TOKENIZER, tokens
from db.search_parse import parse
from db.search_query import Query, Word, facet_tokens, match_expression

__all__ = ["TOKENIZER", "Query", "Word", "facet_tokens", "match_expression", "parse", "tokens"]
