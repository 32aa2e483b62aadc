"""The watchdog: its rules, its words, its callers, and the whole of it beside a real service that is killed."""
