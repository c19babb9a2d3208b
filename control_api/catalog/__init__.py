"""What can be asked for: models, voices, languages."""
