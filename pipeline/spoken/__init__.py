"""Any text that a model writes, in two readings: what is recorded and what is said.

stream of tokens ─▶ markup ─▶ the text as it is recorded ─▶ reader ─▶ the text as it is said
                    (what is only for eyes is gone)          (rules, and a language's words)

Where the next rule goes: e-mail and web addresses `addresses`, days and times `dates`, amounts and
long numbers `amounts`, what is told digit by digit `dialled`, LaTeX `formulas`, other signs
`signs`. A language's words are in `languages.toml`. `reading` keeps each place of one text known in
the other.
"""
