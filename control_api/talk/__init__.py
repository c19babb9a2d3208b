"""One short conversation with the configured providers, stage by stage, to see how they do."""
