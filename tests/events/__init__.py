"""Tests of the contracts that every part shares."""
