"""Tests of the running parts."""
