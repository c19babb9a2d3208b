"""What a session's conversation works with: providers, tools, documents, what was learnt before."""
