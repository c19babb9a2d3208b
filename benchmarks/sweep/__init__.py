"""The clips replayed without sockets, in virtual time, over many policies of taking turns."""
