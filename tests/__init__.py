"""Tests mirror the tree; whole nights are in tests/night."""
