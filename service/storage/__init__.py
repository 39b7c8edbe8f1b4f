"""Where sessions, consents, profiles and orders are kept: SQLite or PostgreSQL."""
