"""Whole random nights through the real desk, planner, sweeper, watches, policies and database; nobody else's process.

`plan` draws a night, `hours` lets it pass, the verbs (`agreements`, `desk`, `road`, `machines`) play it, `judge` and
`shut` say whether anything broke.
"""
