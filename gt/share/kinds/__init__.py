"""The pages that can be in a file, a module each: what it shows of a run, in the app's own layout."""
