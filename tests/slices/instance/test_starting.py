"""`auditkit init` and `auditkit start`, run as a newcomer would: in an empty folder, in processes of their own."""

import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.request

import pytest

pytestmark = pytest.mark.sqlite_only


def environment(folder):
    return {**os.environ, "AUDITKIT_INSTANCE": str(folder / "instance")}


def auditkit(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "auditkit.cli", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_init_makes_what_is_missing_and_keeps_what_is_there(tmp_path):
    first = auditkit(tmp_path, "init")
    assert first.returncode == 0, first.stderr
    instance = tmp_path / "instance"
    kept = {name: (instance / name).read_bytes() for name in ("secret-key", "signing-key.pem")}
    for name in kept:
        assert stat.S_IMODE((instance / name).stat().st_mode) == 0o600
    again = auditkit(tmp_path, "init")
    assert "Nothing to do" in again.stdout
    assert kept == {name: (instance / name).read_bytes() for name in kept}


def test_a_command_without_an_instance_says_what_to_do(tmp_path):
    result = auditkit(tmp_path, "org", "list")
    assert result.returncode == 2
    assert "auditkit init" in result.stderr


def test_an_instance_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "instance").write_text("a file, not a folder")
    result = auditkit(tmp_path, "init")
    assert result.returncode == 2
    assert "AUDITKIT_INSTANCE" in result.stderr


@pytest.fixture
def server(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "auditkit.cli", "start", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    yield port, process
    process.kill()
    process.wait()
    process.stdout.close()


def test_start_serves_and_a_taken_port_is_told(server, tmp_path):
    port, process = server
    assert process.stdout.readline().strip() == f"Open http://127.0.0.1:{port}/"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
        assert answer.status == 200
    second = auditkit(tmp_path, "start", "--port", str(port))
    assert second.returncode == 2
    assert "--port" in second.stderr
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
