"""The API that desks, districts and citizens talk to."""
