"""Certificates for the servers of tests, and turning a connection that is open into one over TLS."""

import datetime
import ipaddress
import socketserver
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path, address: str = "127.0.0.1", *, ended: bool = False) -> Path:
    """A certificate for `address` with its key in one file, signed by itself; `ended`: its time is over."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    begins = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=1 if ended else 40_000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"server-{address}-{ended}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def server_context(pem: Path) -> ssl.SSLContext:
    """What a server answers with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def secure(handler: socketserver.StreamRequestHandler, context: ssl.SSLContext) -> None:
    """Go on over TLS on a connection that began without. Raises OSError where the client refuses."""
    handler.rfile.close()
    handler.connection = context.wrap_socket(handler.request, server_side=True)
    handler.request = handler.connection
    handler.rfile = handler.connection.makefile("rb")
    handler.wfile = handler.connection.makefile("wb", buffering=0)
