"""The data classes of the house: small, frozen, and cheap to define."""
