"""The trainings that ship, by the ``uid`` of their recording: what sentences that were written by hand are of.

A folder's name says nothing of what was recorded: a run of one's own may be called ``mnist``, and a copy of the shipped
one anything.
"""

MNIST = "9004e46c5e2241068c1200be9fbc22f1"
FASHION_MNIST = "4da4fd8d8ef149a290a65a3be91592e3"
CIFAR10 = "e57a38adbe5b44c0a1bd454a6aced265"
