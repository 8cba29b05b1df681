"""What staff announce to a class."""
