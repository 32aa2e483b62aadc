"""Camera sources: one behaviour, kept by all of them."""
