"""The `raadhuis` command."""

import sys

from raadhuis.site.commands import run


def main() -> None:
    """Runs a sub-command; the exit status is 0 only when all is well."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
