"""What the office does: the procedures of the one-thing portal."""
