"""Ten told nights: each a story that a night nurse would recognise, played with real parts, its timeline asserted."""
