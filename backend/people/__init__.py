"""Who may what: users, tokens, passwords, and how often somebody may try."""
