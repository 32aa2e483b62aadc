"""A look: the signed grant that opens a camera once, the sealed picture that comes back, and both on the wire."""
