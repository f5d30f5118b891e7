"""The cleaning log: corrections and removals that analysts decided on, applied to the text of an export.

`files` finds and reads it, `words` knows what its columns and kinds of change are called, `log` makes entries of its
rows, `apply` holds each entry against the export and applies it. `mistakes` says what does not fit, all of it at once.
"""
