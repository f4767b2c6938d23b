"""How people see it: the Flask application."""
