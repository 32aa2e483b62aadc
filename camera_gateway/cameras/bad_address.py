"""What is wrong with a camera address."""


class BadCameraAddressError(ValueError):
    """A camera address that cannot be understood. One line; never repeats what may hold a password."""
