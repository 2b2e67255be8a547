"""Rules for Temporal alone: every module here that defines a rule adds it."""
