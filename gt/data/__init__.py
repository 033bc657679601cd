"""The run format: read, check, write. ``FORMAT.md`` beside this file is its description."""

from gt.data.errors import EpochError as EpochError
from gt.data.errors import ForeignStoreError as ForeignStoreError
from gt.data.errors import LabelRangeError as LabelRangeError
from gt.data.errors import LockedRunError as LockedRunError
from gt.data.errors import NewerVersionError as NewerVersionError
from gt.data.errors import NoRunError as NoRunError
from gt.data.errors import NotFiniteError as NotFiniteError
from gt.data.errors import RunError as RunError
from gt.data.errors import ShapeError as ShapeError
from gt.data.errors import TruncatedRunError as TruncatedRunError
from gt.data.layer import Layer as Layer
from gt.data.measure import Measures as Measures
from gt.data.points import Points as Points
from gt.data.run import History as History
from gt.data.run import Run as Run
from gt.data.run import find_runs as find_runs
from gt.data.run import open_run as open_run
from gt.data.write import RunWriter as RunWriter
from gt.data.write import write_run as write_run
