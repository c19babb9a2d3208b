"""The LiveKit worker: takes one job per room and holds the conversation in it."""
