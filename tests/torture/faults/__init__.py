"""Start-up modules that break the product in a child: each must turn the trials of its promise red."""
