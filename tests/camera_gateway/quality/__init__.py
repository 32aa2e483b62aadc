"""The judge of pictures."""
