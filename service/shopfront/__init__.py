"""The shop's own files in force together: opened at the start, watched, and renewed as a whole or not at all."""
