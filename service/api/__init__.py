"""The JSON API: wire schemas, one blueprint per resource, one table of problems."""
