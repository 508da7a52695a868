"""The instance's signing key, as packs use it (`base.signing` owns it); `verify/signature.py` is the reading side."""

from auditkit.base.signing import KEY_FILE, fingerprint, key_path, load_key, make_key, public_pem

__all__ = ["KEY_FILE", "fingerprint", "key_path", "load_key", "make_key", "public_pem"]
