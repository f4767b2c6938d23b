"""`python -m webapp`, and the command `lienthong`."""

import os
import sys


def main() -> int:
    """Run a command; those that only read files do not wait until the whole application is loaded."""
    from webapp import offline

    if sys.argv[1:2] and sys.argv[1] in offline.COMMANDS:
        try:
            return offline.main(sys.argv[1:])
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:  # who read the answer has read enough (`| head`)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
    from webapp import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
