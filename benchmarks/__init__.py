"""Commands that measure the running system from outside; see README.md."""
