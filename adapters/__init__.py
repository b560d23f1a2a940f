"""Raw items in, grids with named axes out: one adapter a modality.

The package itself imports nothing, so that `adapters.grid` can be read without
scikit-learn; `adapters.registry` finds the members by name.
"""

MODALITIES = ("image", "sound", "text", "series", "table", "board")
