"""Files and folders, whatever is in them: written whole, one writer at a time, kept from strangers."""
