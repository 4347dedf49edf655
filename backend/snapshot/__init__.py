"""Snapshots: what a new desk is filled from."""
