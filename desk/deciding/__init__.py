"""What a supervisor is asked when deciding for the newsroom: blanks as data, and what is read out of them. No screen."""

SETTINGS = ("own", "rules", "calendar", "topics", "units", "divisions", "texts", "history", "calls")
"""Names of the lists, in the order of their keys; `lists.py` holds what they are."""
