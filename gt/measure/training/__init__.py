"""The course of a training: what moved when, what was learnt late, what was forgotten."""
