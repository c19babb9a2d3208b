"""Other frameworks' agents, each a program of its own that joins the room as ours does."""
