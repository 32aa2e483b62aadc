"""Tests of clock, settings and the health page."""
