"""No test reaches beyond this machine, and none sends mail."""

import smtplib
import socket

import pytest


def test_a_connection_outwards_fails_the_test():
    with pytest.raises(AssertionError, match="tried to reach"), socket.socket() as plain:
        plain.connect(("192.0.2.1", 80))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the refused socket is left open
def test_mail_outwards_fails_the_test():
    with pytest.raises(AssertionError, match="tried to reach"):
        smtplib.SMTP("192.0.2.1", 25, timeout=1)


def test_this_machine_may_be_reached():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        client.connect(server.getsockname())
