"""Field quality: every row received → review queues and tables for the analyst, and the page that shows them.

`measure` makes a `Quality`; `page` and `terminal` show it. Nothing here takes anybody out of the analysis.
"""
