"""The terminal app: what a person sees and presses."""

import os
import sys

os.environ.setdefault("TEXTUAL_FPS", "120")
"""Textual reads it when it is first imported. A repaint that follows another one, as a search's list follows the
character that asked for it, then waits 8 ms at most instead of 17."""

sys.setswitchinterval(0.001)
"""Seconds: a thread that computes beside the screen gives way to a key five times sooner than by default."""
