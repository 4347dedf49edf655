"""The log: what is judged, numbered, kept, read and erased."""
