"""What workflow modules import, and the plain run that says what they mean."""
