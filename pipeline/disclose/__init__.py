"""Disclosure control: the only door between exact tables and a reader."""
