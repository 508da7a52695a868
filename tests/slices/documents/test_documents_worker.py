"""The child process: limits hold, the parent is unharmed, the next document is made, nothing secret is inside."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditkit.documents import pool as pool_module
from auditkit.documents.limits import MEBIBYTE, Limits
from auditkit.documents.problems import RenderingUnavailable, TemplateRefused
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import rendered, template, texts

needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no resource limits, only the clock")
DEPTH = 8
BUSY = template("".join(f"{{% for a{level} in x %}}" for level in range(DEPTH)) + "{% endfor %}" * DEPTH)
DOUBLING = template("".join("{% set t = t ~ t %}" for _ in range(60)) + "{{ t }}")
REPLACING = template("{{ t | replace('x', t) | replace('x', t) | replace('x', t) }}")


@pytest.fixture
def strict() -> Iterator[Renderer]:
    renderer = Renderer(Limits(memory_bytes=320 * MEBIBYTE, cpu_seconds=20, wall_seconds=4.0), size=1)
    yield renderer
    renderer.close()


def process_ids(renderer: Renderer) -> list[int]:
    return [child._process.pid for child in renderer._pool._idle]


def test_endless_work_is_stopped_by_the_clock_and_the_next_render_works(strict: Renderer) -> None:
    assert texts(rendered(strict, template("{{ a }}"), {"a": "warm"})) == ["warm"]
    before = process_ids(strict)
    started = time.monotonic()

    with pytest.raises(TemplateRefused) as refused:
        rendered(strict, BUSY, {"x": list(range(60))})

    assert refused.value.problems[0].code == "too-slow"
    assert "4 seconds" in refused.value.problems[0].text
    assert time.monotonic() - started < 120
    assert texts(rendered(strict, template("{{ a }}"), {"a": "again"})) == ["again"]
    assert process_ids(strict) != before


@needs_limits
def test_processor_time_is_limited_for_each_job() -> None:
    renderer = Renderer(Limits(cpu_seconds=1, wall_seconds=30.0), size=1)
    try:
        for _ in range(2):
            with pytest.raises(TemplateRefused) as refused:
                rendered(renderer, BUSY, {"x": list(range(60))})
            assert refused.value.problems[0].code == "too-hungry"
        assert texts(rendered(renderer, template("{{ a }}"), {"a": "again"})) == ["again"]
    finally:
        renderer.close()


@needs_limits
@pytest.mark.parametrize(("source", "data"), [(DOUBLING, {"t": "x" * 100}), (REPLACING, {"t": "x" * 2000})])
def test_a_memory_bomb_kills_only_the_child(source: bytes, data: dict[str, object]) -> None:
    import resource

    renderer = Renderer(Limits(memory_bytes=320 * MEBIBYTE, wall_seconds=60.0), size=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with pytest.raises(TemplateRefused) as refused:
            rendered(renderer, source, data)

        assert refused.value.problems[0].code == "too-hungry"
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
        assert texts(rendered(renderer, template("{{ a }}"), {"a": "again"})) == ["again"]
    finally:
        renderer.close()


def test_one_child_serves_many_documents(renderer: Renderer) -> None:
    rendered(renderer, template("{{ a }}"), {"a": 1})
    before = process_ids(renderer)

    for number in range(5):
        assert texts(rendered(renderer, template("{{ a }}"), {"a": number})) == [str(number)]

    assert process_ids(renderer) == before


def test_a_child_that_died_while_idle_is_replaced(strict: Renderer) -> None:
    rendered(strict, template("{{ a }}"), {"a": 1})
    (child,) = strict._pool._idle
    child._process.kill()
    child._process.wait()

    assert texts(rendered(strict, template("{{ a }}"), {"a": "again"})) == ["again"]


def test_threads_share_the_children_without_mixing_answers(renderer: Renderer) -> None:
    wrong: list[str] = []

    def work(name: str) -> None:
        for number in range(8):
            expected = f"{name}-{number}"
            found = texts(rendered(renderer, template("{{ a }}"), {"a": expected}))
            if found != [expected]:
                wrong.append(f"{expected}: {found}")

    threads = [threading.Thread(target=work, args=(f"thread{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert renderer._pool._running == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_process_starts_its_own_child(renderer: Renderer) -> None:
    rendered(renderer, template("{{ a }}"), {"a": 1})
    (ours,) = process_ids(renderer)
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - runs in the forked process
        done = b"failed"
        try:
            if texts(rendered(renderer, template("{{ a }}"), {"a": "forked"})) == ["forked"]:
                done = b"ok" if process_ids(renderer) != [ours] else b"shared"
            renderer.close()
        finally:
            os.write(writable, done)
            os._exit(0)
    os.close(writable)
    os.waitpid(child, 0)

    assert os.read(readable, 10) == b"ok"
    os.close(readable)
    assert texts(rendered(renderer, template("{{ a }}"), {"a": "still"})) == ["still"]
    assert process_ids(renderer) == [ours]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not show environments")
def test_no_setting_of_the_application_is_in_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITKIT_SECRET_KEY", "planted-secret")
    renderer = Renderer(size=1)
    try:
        rendered(renderer, template("{{ a }}"), {"a": 1})
        (pid,) = process_ids(renderer)
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        modules = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    finally:
        renderer.close()

    assert b"planted-secret" not in environment
    assert b"AUDITKIT" not in environment
    assert "sqlalchemy" not in modules


def test_a_child_that_cannot_start_is_not_blamed_on_the_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_START", "import sys; sys.exit('no such thing')")
    renderer = Renderer(size=1)

    for _ in range(2):  # the place in the pool is free again after a failure
        with pytest.raises(RenderingUnavailable, match="no such thing"):
            rendered(renderer, template("{{ a }}"), {"a": 1})


def test_a_template_that_is_too_large_is_not_sent(tmp_path: Path) -> None:
    renderer = Renderer(Limits(template_bytes=1000), size=1)

    with pytest.raises(TemplateRefused) as refused:
        rendered(renderer, template("{{ a }}"), {"a": 1})

    assert refused.value.problems[0].code == "too-large"
    assert renderer._pool._running == 0


def test_data_that_are_not_json_are_the_callers_mistake_and_harm_nothing(renderer: Renderer) -> None:
    with pytest.raises(TypeError):
        rendered(renderer, template("{{ a }}"), {"a": object()})

    assert texts(rendered(renderer, template("{{ a }}"), {"a": "fine"})) == ["fine"]
