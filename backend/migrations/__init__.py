"""The backend's migrations."""
