"""The rules of the pipeline as small tables that anyone can read, in Markdown beside this file."""
