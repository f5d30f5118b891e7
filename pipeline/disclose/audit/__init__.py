"""The audit of a release: what a reader could work out of it, from its tables alone."""
