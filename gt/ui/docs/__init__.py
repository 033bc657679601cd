"""The documentation as pages of the app."""
