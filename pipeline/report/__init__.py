"""Reports: they draw and print what disclosure control has released, and compute nothing about people."""
