"""Products in force, as columns and sets that narrow quickly."""
