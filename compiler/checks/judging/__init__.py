"""What a rule is, what it may ask, and how a finding becomes one report."""
