"""One file a family: its table of variants, and how it is drawn."""
