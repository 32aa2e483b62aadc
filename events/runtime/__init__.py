"""What every part needs to run: a clock, ids, settings, log lines, and the page that says how it is."""
