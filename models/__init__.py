"""What things are: SQLAlchemy models, queries and rights."""
