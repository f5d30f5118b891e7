"""What tests share: small waves, a reference engine, one way to run the pipeline."""
