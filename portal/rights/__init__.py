"""What the law lets people ask for: a copy of everything about them, and the deletion of their account."""
