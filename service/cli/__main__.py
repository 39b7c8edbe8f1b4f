"""`python -m service.cli` is `begleiter`."""

from service.cli import main

main()
