"""Expressions of the portable language as JSONata 2.0.6, the version that Step Functions has."""
