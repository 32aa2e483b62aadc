"""Rules of the schedule: what each entry becomes in each night, above all when clocks change."""
