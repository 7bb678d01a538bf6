"""Features for few labels."""
