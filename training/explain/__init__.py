"""What a trained network looks at, on one item; the package itself imports nothing."""
