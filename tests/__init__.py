"""Tests, arranged as the product is."""
