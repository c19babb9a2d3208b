"""The conversation: hear, decide, answer, speak. Knows no room and no database."""
