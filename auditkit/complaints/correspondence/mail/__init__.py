"""Reading e-mail: bytes in, what a person wrote out. Pure but for `sources` and `mailbox`, which fetch the bytes."""
