"""Named views: a frame, epochs and classes in which there is something to see, and what.

Those of a recording are data in its folder, ``views.json`` (see `gt.views.stored`); a run without gets views made from
its own events and mistakes (`gt.views.made`), and an attack those of what it did (`gt.views.attack`).
"""
