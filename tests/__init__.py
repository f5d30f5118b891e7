"""Tests of the pipeline. `README.md` says which kind a change owes."""
