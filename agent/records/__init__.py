"""What a session leaves in the store, or in this machine's journal until it can."""
