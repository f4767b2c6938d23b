"""The rules of the house, kept by tests because breaking them breaks a promise."""
