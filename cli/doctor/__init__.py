"""`vaarta doctor`: is everything there that a session needs?"""
