"""A process that takes a lock, or builds something, says so, and then does what it is told by its name.

python holder.py lock FILE        holds a lock until it is killed
python holder.py race FILE        takes a lock when a line comes, says whether it got it, waits for another line
python holder.py build PATH       builds a folder for ever
python holder.py leave FILE       ends without releasing
"""

import sys
from pathlib import Path

from gt.errors import LockedRunError
from gt.files.beside import built_beside
from gt.files.lock import Lock


def say(text: str) -> None:
    print(text, flush=True)


def main(what: str, path: Path) -> None:
    if what == "build":
        with built_beside(path) as place:
            place.mkdir()
            (place / "half").write_text("half")
            say("building")
            sys.stdin.read()
        return
    if what == "race":
        say("ready")
        sys.stdin.readline()
    try:
        lock = Lock(path, "test")
        say("held")
    except LockedRunError:
        say("refused")
        return
    if what != "leave":
        sys.stdin.readline()
        lock.release()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
