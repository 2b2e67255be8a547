"""What the linter is told of each engine. Nothing here knows one: they declare themselves."""
