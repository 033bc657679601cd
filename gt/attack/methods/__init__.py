"""The methods of attack, one a file; each says its own to `gt.attack.method.register`, and imports torch to move."""
