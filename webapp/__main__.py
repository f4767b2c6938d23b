"""`python -m webapp`, and the command `lienthong`."""

import gc
import os
import sys
from collections.abc import Callable


def main() -> int:
    """Run a command; those that only read files do not wait until the whole application is loaded."""
    # What is loaded stays: looking for garbage in it takes a tenth of the time of loading it.
    gc.disable()
    from webapp import offline

    if sys.argv[1:2] and sys.argv[1] in offline.COMMANDS:
        gc.enable()
        return _read(offline.main)
    from webapp import cli

    gc.freeze()
    gc.enable()
    return cli.main()


def _read(answer: Callable[[list[str]], int]) -> int:
    try:
        return answer(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # who read the answer has read enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
