"""``python -m gridzoo`` is ``gridzoo``."""

from gridzoo.main import main

if __name__ == "__main__":
    main()
