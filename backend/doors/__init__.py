"""What answers over HTTP, one file a kind of caller."""
