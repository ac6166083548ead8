"""Kill it, cut it off, and let the stand-in judge what families received."""
