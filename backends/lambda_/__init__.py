"""Lambda durable functions. They are no compile target yet; the linter checks them."""
