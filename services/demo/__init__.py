"""The demo: a whole night with real parts. The people are played, the bedrooms drawn (or your video)."""
