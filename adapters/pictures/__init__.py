"""Pictures: files, Pillow images and arrays, decoded and resized."""
