"""The methods, one a file; each says its own to `gt.embed.method.register`, and imports its library to compute."""
