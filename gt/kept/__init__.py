"""What is kept beside a run: its embeddings, alignments, weights and attacks.

Embeddings, alignments and weights are artifacts: `artifact` says what all kinds have in common, `stated` how what they
say is read back, and a kind is one file. What takes long to compute is in a `workshop` meanwhile. An attack is no
artifact but a run, `attack` reads what it has beyond others, and `attacks` finds those of a server.
"""
