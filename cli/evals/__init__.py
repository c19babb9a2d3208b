"""`vaarta eval`: conversations with a running system, each held against what it should be.

suite (TOML) ─▶ play: a caller in a room, scripted or played by a model ─▶ Played
                                                                             │
report: terminal, JSON, JUnit, HTML ◀─ results ◀─ checks, and a judge ◀──────┘
"""
