"""What can be wrong with a run, each in a class of its own.

All are ``ValueError``s and all texts read *where: what must hold, what came, remedy*.
"""


class RunError(ValueError):
    """Something is wrong with a run, or with arrays that should become one."""


class NoRunError(RunError):
    """There is nothing at this path, or no such thing in this run."""


class UnknownRunError(KeyError):
    """A server was asked for a run by a name that none of its runs has."""


class ForeignStoreError(RunError):
    """The folder holds something, and it is not a run."""


class NewerVersionError(RunError):
    """The run was written by a newer version of the format than this one reads."""


class TruncatedRunError(RunError):
    """Part of a run is missing or damaged."""


class DamagedEpochError(TruncatedRunError):
    """An epoch of a run is damaged, and those before it may be whole.

    Args:
        text: What is damaged.
        epoch: Number of the first epoch that is damaged.
        whole: How many epochs there are before it.
    """

    def __init__(self, text: str, epoch: int, whole: int) -> None:
        self.epoch, self.whole = epoch, whole
        offer = f"; open_run(path, before={epoch}) opens the {whole} whole before it"
        super().__init__(f"{text}{offer if whole else ''}")


class ShapeError(RunError):
    """An array's shape or type does not fit the others."""


class NotFiniteError(RunError):
    """An array holds NaN or infinity where a number must be."""


class LabelRangeError(RunError):
    """A label names a class that there is not."""


class EpochError(RunError):
    """An epoch is recorded twice, or out of order."""


class LockedRunError(RunError):
    """Another writer has the run, or what is being built; the text says which process, where, since when."""


class NotWrittenError(RunError):
    """The disk did not take what was to be written: it is full, read-only or gone."""
