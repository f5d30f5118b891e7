"""Random waves, on which the pipeline and the reference engine must agree."""
