"""What it costs and how much was used."""
