"""Made-up waves: that they are what they say, and that every layout of them is read to the same people."""
