"""Rules for DBOS alone: every module here that defines a rule adds it."""
