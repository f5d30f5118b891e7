"""Warnings that one library gives about another, and that nothing here can mend. All others are errors.

Each is as narrow as it can be, and `unit/test_known_warnings.py` fails as soon as one is no longer needed.
"""

from __future__ import annotations

KNOWN = {
    "ibis 12.0 calls what duckdb 2.0 deprecates": (
        r"ignore:fetch_arrow_table\(\) is deprecated:DeprecationWarning:ibis\.backends\.duckdb"
    ),
}
"""Why → the filter, as `warnings` and pytest write it."""
