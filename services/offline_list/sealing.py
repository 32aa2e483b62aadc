"""One encrypted file: the PDF, with the CSV as its attachment, under the patrol's password (AES-256, PDF 2.0)."""

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from services.tillsyn.refused import RefusedError

ALGORITHM = "AES-256"


class WrongPasswordError(RefusedError):
    """The file does not open with this password: it was made with another."""


def seal(pdf: bytes, attachment: tuple[str, bytes], password: str) -> bytes:
    """The PDF with `attachment` (name, content) in it, encrypted. Everything is: text, structure and attachment."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.add_attachment(*attachment)
    writer.pdf_header = "%PDF-2.0"  # AES-256 as revision 6 came with it
    writer.encrypt(password, algorithm=ALGORITHM)
    return _written(writer)


def unseal(sealed: bytes, password: str) -> bytes:
    """The same PDF in clear, for a printer. WrongPasswordError when it does not open, or is no such file."""
    try:
        reader = PdfReader(BytesIO(sealed), password=password)
        writer = PdfWriter(clone_from=reader)
    except PyPdfError:
        raise WrongPasswordError("the list does not open with the password that is configured; make it anew") from None
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
