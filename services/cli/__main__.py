"""``python -m services.cli``: the same as ``tillsyn``."""

from services.cli.main import main

main()
