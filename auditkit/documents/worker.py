"""The child process that prepares and renders templates; started by `pool.py`, never imported by the application.

Frames on the pipes: `wire.py`. A request is a JSON frame, followed by the template's
bytes if the child asked for them; an answer is a JSON frame, followed by the document if it says so.
Nothing here imports the application: no settings, no database, no secrets are in this process.
Checked by tests/slices/documents/test_documents_worker.py.
"""

import json
import os
import sys
from collections import OrderedDict
from dataclasses import asdict
from typing import Any, BinaryIO

from auditkit.documents.digits import in_digits
from auditkit.documents.faults import Refused
from auditkit.documents.limits import Limits, allow_cpu, confine
from auditkit.documents.prepare import Prepared, prepare
from auditkit.documents.wire import receive, send

# Compiled templates a child keeps; an installation has a few dozen.
KEPT = 64
MEMORY_SPENT = 97


class Worker:
    """Answers requests until the parent closes the pipe."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO, limits: Limits) -> None:
        self._requests = requests
        self._answers = answers
        self._limits = limits
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()

    def run(self) -> None:
        """Serve; returns when the parent is gone."""
        self._answer({"ready": True})
        while True:
            try:
                request = json.loads(receive(self._requests))
            except EOFError:
                return
            allow_cpu(self._limits)
            self._serve(request)

    def _serve(self, request: dict[str, Any]) -> None:
        try:
            prepared = self._template(request["digest"])
            if request["task"] == "render":
                document = prepared.render(in_digits(request["data"], request["language"]))
                self._answer({"ok": True}, document)
            elif request["task"] == "trace":
                data = in_digits(request["data"], request["language"])
                lines = [(asdict(place), text, paths) for place, text, paths in prepared.trace(data)]
                self._answer({"ok": True, "lines": lines})
            elif request["task"] == "fields":
                if prepared.errors:
                    raise Refused(*prepared.errors)
                self._answer({"ok": True, "fields": list(prepared.fields)})
            else:
                self._answer({"ok": True, **_seen(prepared)})
        except Refused as refused:
            self._answer({"ok": False, "faults": [fault.plain() for fault in refused.faults]})

    def _template(self, digest: str) -> Prepared:
        known = self._prepared.get(digest)
        if known is not None:
            self._prepared.move_to_end(digest)
            return known
        self._answer({"need": digest})
        prepared = prepare(receive(self._requests))
        self._prepared[digest] = prepared
        if len(self._prepared) > KEPT:
            self._prepared.popitem(last=False)
        return prepared

    def _answer(self, answer: dict[str, Any], document: bytes | None = None) -> None:
        send(self._answers, json.dumps({**answer, "document": document is not None}).encode())
        if document is not None:
            send(self._answers, document)
        self._answers.flush()


def _seen(prepared: Prepared) -> dict[str, Any]:
    return {
        "faults": [fault.plain() for fault in prepared.faults],
        "of_direction": [fault.plain() for fault in prepared.of_direction],
        "fields": {path: asdict(place) for path, place in prepared.fields.items()},
        "uses": [(path, use, asdict(place)) for (path, use), place in prepared.uses.items()],
    }


def main(limits: Limits) -> None:
    """Take over the pipes, give up what a renderer does not need, and serve."""
    requests = sys.stdin.buffer
    # A library that prints must not speak into the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(limits)
    try:
        Worker(requests, answers, limits).run()
    except MemoryError:
        os._exit(MEMORY_SPENT)
