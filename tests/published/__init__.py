"""Results that were published, or computed elsewhere, which the pipeline must give."""
