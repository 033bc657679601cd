"""What an attack did: curves over its steps, detours, the plane across the boundary."""
