"""What is kept beside a run: its embeddings, alignments, weights and attacks."""
