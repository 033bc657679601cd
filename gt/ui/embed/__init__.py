"""``/tsne`` and ``/umap``: one method, large."""
