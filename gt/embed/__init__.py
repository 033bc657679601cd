"""Pictures of a layer over the epochs: t-SNE, Dynamic t-SNE, UMAP, PCA and the tour's first view.

``plan`` checks a request before anything starts, ``embed`` computes it. Importing this package
imports none of the libraries that do the work.
"""

from gt.embed.compute import Job as Job
from gt.embed.compute import Stopped as Stopped
from gt.embed.compute import embed as embed
from gt.embed.compute import plan as plan
from gt.embed.parameters import METHODS as METHODS
from gt.embed.parameters import EmbedError as EmbedError
from gt.embed.parameters import Method as Method
from gt.embed.parameters import Parameter as Parameter
from gt.embed.parameters import method_named as method_named
from gt.embed.parameters import missing as missing
