"""The command line: `servanda`."""

from servanda.cli.app import main

__all__ = ["main"]
