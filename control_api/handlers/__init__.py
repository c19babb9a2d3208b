"""One file a resource; each handler parses, asks the store or LiveKit, answers."""
