"""The worker's parent process: registered with LiveKit, a warm process for each session."""
