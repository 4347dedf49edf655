"""The line to the backend: rounds of requests, the worker that makes them, logging in. Not imported for the first frame."""
