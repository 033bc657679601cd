"""Adversarial attacks on recorded networks, step by step: torch."""
