"""The providers' local stand-ins: speech to text, text to speech and chat on real sockets.

They follow the providers' documents and import nothing of Vaarta, so that a mistake of our
clients cannot hide in a server that shares it.
"""
