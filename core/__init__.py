"""What every process needs first: settings, errors, logging, metrics and the catalog."""
