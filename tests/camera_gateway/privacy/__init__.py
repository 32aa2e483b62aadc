"""The privacy filter."""
