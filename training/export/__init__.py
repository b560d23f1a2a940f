"""Trained networks for other programs: ONNX, LiteRT, SavedModel; the package itself imports nothing."""
