"""What can be wrong with a run, each in a class of its own.

All are ``ValueError``s and all texts read *where: what must hold, what came, remedy*.
"""

from __future__ import annotations

from typing import Self


class ToldError(ValueError):
    """An error that is told to people: of which part of the program it is, and what is wrong.

    Args:
        what: What must hold, what came, remedy.
        by: The part that says so ("attack", "embed"); pages, which are about one part, leave it out.
    """

    def __init__(self, what: str, *, by: str = "") -> None:
        self.what, self.by = what, by
        super().__init__(f"{by}: {what}" if by else what)

    def at(self, where: str) -> Self:
        """The same error as it is met somewhere: in a file, or within a larger piece of work."""
        met = type(self).__new__(type(self), f"{where}: {self}")
        met.__dict__ |= self.__dict__ | {"what": f"{where}: {self}", "by": ""}
        return met


class RunError(ToldError):
    """Something is wrong with a run, or with arrays that should become one."""


class NoRunError(RunError):
    """There is nothing at this path, or no such thing in this run."""


class UnknownNameError(KeyError):
    """A server was asked for something by a name that nothing there has."""

    def __str__(self) -> str:
        """The sentence; a KeyError would put it into quotation marks."""
        return str(self.args[0])


class UnknownRunError(UnknownNameError):
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


class WideLayerError(RunError):
    """A layer is too wide to be kept whole, and all of its values were asked for."""


class ReadOnlyError(RunError):
    """The server was started to show what there is, and to write nothing."""


class NotWrittenError(RunError):
    """The disk did not take what was to be written: it is full, read-only or gone."""
