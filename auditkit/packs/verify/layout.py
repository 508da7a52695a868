"""How a pack is laid out: the names that the writer and the verifier must agree on. Constants only.

    NAME.zip
    |-- BAG/                                    the bag (BagIt 1.0, RFC 8493)
    |   |-- bagit.txt, bag-info.txt
    |   |-- manifest-sha256.txt                 every file under data/
    |   |-- tagmanifest-sha256.txt              every other file of the bag but itself; this is what is signed
    |   |-- pack.json                           what this pack is; names the bag and the signing key
    |   |-- public-key.pem                      the signing key's public half
    |   |-- leaves.json                         salted leaves of what is personal, the same in both forms of a pack
    |   |-- personal-values.json                what opens the leaves; in the whole form only
    |   |-- ...                                 further tag files: clause-index.json, omissions.json, ...
    |   `-- data/...
    `-- signature/
        |-- tagmanifest-sha256.txt.sig.tsr      time stamp (RFC 3161) over the signature, where there is one
        |-- tagmanifest-sha256.txt.second.sig   a person's signature, where second-key.pem lies in the bag
        |-- leaves.json.sig                     detached Ed25519 signature over leaves.json
        `-- tagmanifest-sha256.txt.sig          detached Ed25519 signature, 64 raw bytes

The signature stands beside the bag, not in it: a signature cannot be listed in the manifest that it signs, and
bagit-utils refuses a bag that holds a file which no manifest lists (bagit.py and RFC 8493 section 2.2.4 would
allow it). RFC 8493 section 4 wishes a serialised bag to be the only entry at the top of its archive; one file that
carries its own signature was judged worth more than that wish.
"""

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
FETCH = "fetch.txt"
PACK = "pack.json"
PUBLIC_KEY = "public-key.pem"
SECOND_KEY = "second-key.pem"
JOURNAL_HEAD = "journal-head.json"
JOURNAL_HISTORY = "journal-history.json"
LEAVES = "leaves.json"
OPENED = "personal-values.json"
PAYLOAD = "data/"

SIGNATURE_FOLDER = "signature/"
SIGNATURE = "signature/tagmanifest-sha256.txt.sig"
LEAVES_SIGNATURE = "signature/leaves.json.sig"
TIMESTAMP = "signature/tagmanifest-sha256.txt.sig.tsr"
SECOND_SIGNATURE = "signature/tagmanifest-sha256.txt.second.sig"
SIGNATURE_BYTES = 64

BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PACK_FORMAT = "auditkit-pack/1"
PACK_SCHEMA = "pack.schema.json"
"""The JSON Schema of pack.json; it lies beside this module and is published at /.well-known/."""
LEAVES_FORMAT = "auditkit-leaves/1"

WHOLE, REDACTED = "whole", "redacted"
FORMS = (WHOLE, REDACTED)

MAX_MEMBERS = 10_000
"""Files in one pack. The verifier refuses more, so the writer does too."""
