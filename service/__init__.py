"""Begleiter: turns a shopper's answers into a shortlist, with what the shopper allows and nothing more."""
