"""The English of our sentences, one module a noun, each a table WORDS from the Vietnamese."""
