"""Official letters to units: 转办函, 催办通知书, 督办函, as plain text and .docx (DESIGN.md §4; layout after GB/T 9704).

A notice goes to one unit and lists all its letters. It is in Chinese whatever the person reads, for that is what the
unit reads. Nothing of the sender is in it unless the forward shared the contact.
"""

from db.notices.docx import write_docx
from db.notices.making import KINDS, Notice, Row, after_chase, for_ratings, notices, numbered
from db.notices.text import as_text

__all__ = ["KINDS", "Notice", "Row", "after_chase", "as_text", "for_ratings", "notices", "numbered", "write_docx"]
