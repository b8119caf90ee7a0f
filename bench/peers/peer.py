"""Does the comparison's work with one Python library: peer.py faiss | hnswlib | sklearn.

Says in a first line what the library is and which methods it has for which task, then answers
every request, one JSON object a line, with one line: seconds and results, or an error. Process,
library and data stay, so that what is timed is as warm as it gets.
"""

import base64
import importlib
import json
import os
import sys

import about
import numpy as np

LIBRARIES = {"faiss": "faiss_peer", "hnswlib": "hnswlib_peer", "sklearn": "sklearn_peer"}
TYPES = {"centroids": "<f4", "ids": "<i4"}


class Request:
    """One piece of work. Its fields are those of the JSON object; files are read once."""

    _files = {}

    def __init__(self, line):
        self.__dict__ = json.loads(line)

    @property
    def base(self):
        return self._load(self.basePath)

    @property
    def part(self):
        return np.ascontiguousarray(self.base[: self.rows or None, : self.columns or None])

    @property
    def queries(self):
        return self._load(self.queryPath)[: self.queryCount]

    def _load(self, path):
        if path not in self._files:
            self._files[path] = np.ascontiguousarray(np.load(path), dtype=np.float32)
        return self._files[path]


def encode(reply):
    return {
        key: base64.b64encode(np.ascontiguousarray(value, dtype=TYPES[key])).decode("ascii") if key in TYPES else value
        for key, value in reply.items()
    }


def main():
    # What a library prints must not come between the lines of the conversation.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    try:
        peer = importlib.import_module(LIBRARIES[sys.argv[1]])
    except ImportError as error:
        say({"error": str(error)})
        return
    say({"name": peer.NAME, "version": peer.VERSION, "about": peer.ABOUT, "beneath": about.python(), "methods": peer.METHODS})
    for line in sys.stdin:
        request = Request(line)
        try:
            say(encode(peer.TASKS[request.task](request)))
        except Exception as error:  # The comparison goes on without this figure, and shows why.
            say({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
