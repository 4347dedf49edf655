"""The backend: what desks, districts and citizens talk to over HTTP (docs/backend.md)."""
