"""Turns consented orders into the artefact that the service scores with."""
