"""What a server keeps ready: tensors as they travel, on disk and in memory, within limits."""
