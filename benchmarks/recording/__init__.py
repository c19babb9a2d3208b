"""How the clips of `clips/` are made: voices, people, computed sounds, rooms, measuring."""
