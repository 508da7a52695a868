"""A stand-in for a module: nothing is loaded that nobody uses, and what somebody uses is there."""

import subprocess
import sys
import textwrap

import pytest

from auditkit.base.lean import LATER


def lean(script: str) -> str:
    """What a process says that was told to load less before it did anything."""
    begun = "import sys\nfrom auditkit.base.lean import LATER, Later, load_less\nload_less('sqlite:///x')\n"
    command = [sys.executable, "-c", begun + textwrap.dedent(script)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_libraries_are_loaded_without_what_nobody_uses_of_them() -> None:
    said = lean(
        """
        import auditkit.packs.building
        print(sorted(name for name in LATER if not isinstance(sys.modules[name], Later)))
        print(sorted({"http.server", "ssl", "sqlalchemy.dialects.postgresql"} & set(sys.modules)))
        """
    )
    assert said == "[]\n[]\n"


@pytest.mark.parametrize("module", LATER)
def test_what_is_asked_for_is_there(module: str) -> None:
    names = {"asyncio": "Runner", "werkzeug.serving": "BaseWSGIServer", "werkzeug.test": "EnvironBuilder"}
    name = names.get(module, "dialect")
    said = lean(f"import {module}\nprint({module}.{name}, isinstance(sys.modules[{module!r}], Later))")
    assert said.startswith("<class")
    assert said.endswith("False\n")


def test_functions_handed_out_early_are_the_librarys_own_when_they_are_called() -> None:
    said = lean(
        """
        import werkzeug, werkzeug.serving
        from asyncio import iscoroutine
        from asyncio.events import AbstractEventLoop
        async def work(): return 1
        made = work()
        print(iscoroutine(made), iscoroutine(1), werkzeug.serving.is_running_from_reloader())
        made.close()
        print(type(werkzeug.Client(lambda *_: [])).__module__)
        import asyncio
        print(AbstractEventLoop is asyncio.AbstractEventLoop, asyncio.events.__spec__.origin.endswith("events.py"))
        """
    )
    assert said == "True False False\nwerkzeug.test\nTrue True\n"


def test_a_class_handed_out_early_can_be_the_base_of_another() -> None:
    """As the sign-in library does of flask's client for tests, which documents with charts load."""
    said = lean(
        """
        import flask_login, flask.testing, werkzeug.test
        print(issubclass(flask.testing.FlaskClient, werkzeug.test.Client))
        """
    )
    assert said == "True\n"
