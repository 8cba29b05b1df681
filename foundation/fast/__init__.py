"""The mechanisms for speed. Each can be switched off, and every page stays the same (README.md)."""
