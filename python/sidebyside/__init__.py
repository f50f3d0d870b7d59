"""What else a user could pick, measured beside Rememory for Swift on one machine in one run."""
