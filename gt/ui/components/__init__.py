"""What pages are put together from: buttons, stages, hints."""
