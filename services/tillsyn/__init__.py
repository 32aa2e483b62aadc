"""The tillsyn service: rules (recipient, home, night, visit), planner, sweeper, and the desk that staff speak to."""
