"""What can happen, and how it is kept: event types, envelope, personal fields, schedule rules, transport and store.

Everything else in the project knows this package; it knows nothing of them.
"""
