"""What a shopper allows, and the only way for profile values to be used."""
