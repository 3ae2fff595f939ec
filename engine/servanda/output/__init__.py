"""A result in the form a reader or a program wants."""
