"""Tests of what is shipped to run the parts: read with their own tools where those are installed."""
