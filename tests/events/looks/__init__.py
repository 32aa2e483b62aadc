"""Tests of grants and sealed pictures."""
