"""What an attacker can do to the log behind the application's back, and what somebody outside holds against it."""
