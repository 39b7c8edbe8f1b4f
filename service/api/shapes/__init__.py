"""What replies look like, in the words of JSON Schema; the tests hold every reply against these."""
