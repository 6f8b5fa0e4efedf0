"""A derivative as a person would write it: normal forms, identities, the shortest of equal forms, and the steps."""
