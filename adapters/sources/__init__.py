"""Where labelled items come from: folders, files, arrays, and data sets by name."""
