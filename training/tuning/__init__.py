"""Search hyperparameters: keras-tuner proposes, gridzoo runs; the package itself imports nothing."""
