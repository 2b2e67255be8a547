"""The facts of one file: what its functions use, its classes, its names. They depend on its text
alone, so a cache can keep them."""
