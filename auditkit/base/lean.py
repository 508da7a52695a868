"""What a process that works and answers nobody need not load: it comes only when something of it is used.

Libraries load at once what only their other users need: a development server, event loops, the drivers of databases
that are not there. After `load_less` a stand-in comes in the place of each such module, which loads it the first time
somebody asks it for something. So nothing is missing, it is only later. tests/slices/base/test_lean.py holds both;
decision 0007 has what it spares.
"""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

LATER: dict[str, tuple[str, ...]] = {
    "asyncio": ("iscoroutine",),
    "werkzeug.serving": ("is_running_from_reloader", "run_simple"),
    "werkzeug.test": ("Client",),
    "sqlalchemy.dialects.sqlite.aiosqlite": (),
    "sqlalchemy.dialects.sqlite.pysqlcipher": (),
}
"""Modules, with the functions that others take from them by name when they are imported themselves: what they get
loads the module when it is called."""
_PACKAGES = {"asyncio"}


class Later(ModuleType):
    """Stands where a module will be."""

    def __getattr__(self, wanted: str) -> Any:
        if wanted in LATER[self.__name__]:
            return _Handed(self.__name__, wanted)
        part_wanted = wanted == "__path__" and self.__name__ in _PACKAGES and sys.modules.get(self.__name__) is self
        if wanted.startswith("__") and not part_wanted:
            raise AttributeError(wanted)  # what the import system asks of every module
        return getattr(_loaded(self.__name__), wanted)


class _Handed:
    """What others take by name: called, or made the base of a class, it is the library's own."""

    def __init__(self, module: str, name: str) -> None:
        self._place = module, name

    def _own(self) -> Any:
        module, name = self._place
        return getattr(_loaded(module), name)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._own()(*arguments, **options)

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (self._own(),)


def _loaded(name: str) -> ModuleType:
    if isinstance(sys.modules.get(name), Later):
        _StandIns.gone.add(name)
        del sys.modules[name]
    return importlib.import_module(name)


class _StandIns(MetaPathFinder, Loader):
    """Finds stand-ins for the modules of `LATER` that nobody used yet."""

    gone: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A stand-in; or what came with its package, which somebody had asked for by a part of it."""
        found = sys.modules.get(fullname)
        if found is not None and target is None and fullname.partition(".")[0] in _PACKAGES:
            return ModuleSpec(fullname, _There(found))
        return ModuleSpec(fullname, self) if fullname in LATER and fullname not in self.gone else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The stand-in."""
        return Later(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: that is the point."""


class _There(Loader):
    """Gives a module that is loaded already."""

    def __init__(self, module: ModuleType) -> None:
        self.module, self.spec = module, module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """It."""
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is."""
        module.__spec__ = self.spec


class NotThisDatabase:
    """For a dialect that models name in what they say of their indexes, and that no database here speaks."""

    construct_arguments = None
    """Takes any argument, unchecked."""


def load_less(database: str) -> None:
    """Have modules wait until they are used, in this process; `database` is the address of the one it will read.

    To be called before they are imported: a module that is there already stays.
    """
    sys.meta_path.insert(0, _StandIns())
    if database.startswith("sqlite") and "sqlalchemy.dialects.postgresql" not in sys.modules:
        from sqlalchemy.dialects import registry

        registry.register("postgresql", __name__, NotThisDatabase.__name__)
