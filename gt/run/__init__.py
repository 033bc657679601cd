"""The run format: read, check, write. ``gt/docs/reference/run-format.md`` is its description."""

from gt.errors import DamagedEpochError as DamagedEpochError
from gt.errors import EpochError as EpochError
from gt.errors import ForeignStoreError as ForeignStoreError
from gt.errors import LabelRangeError as LabelRangeError
from gt.errors import LockedRunError as LockedRunError
from gt.errors import NewerVersionError as NewerVersionError
from gt.errors import NoRunError as NoRunError
from gt.errors import NotFiniteError as NotFiniteError
from gt.errors import NotWrittenError as NotWrittenError
from gt.errors import RunError as RunError
from gt.errors import ShapeError as ShapeError
from gt.errors import TruncatedRunError as TruncatedRunError
from gt.errors import WideLayerError as WideLayerError
from gt.run.find import find_runs as find_runs
from gt.run.history import History as History
from gt.run.layer import Layer as Layer
from gt.run.measure import Measures as Measures
from gt.run.outputs import write_run as write_run
from gt.run.points import Points as Points
from gt.run.read import Run as Run
from gt.run.read import open_run as open_run
from gt.run.write import RunWriter as RunWriter
