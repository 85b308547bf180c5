"""What turns sources into an immutable release."""
