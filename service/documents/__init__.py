"""YAML read as text with places, and what is wrong with it."""
