"""What belongs to a basket: companions by rule, suggestions by the model."""
