"""To a printer, with `lp`: the clear PDF goes through a pipe. What the print server spools is the machine's matter."""

import shutil
import subprocess

from services.tillsyn.refused import RefusedError

WITHIN_S = 60.0


class NoPrinterError(RefusedError):
    """There is no `lp` here, or it would not print."""


def send_to_printer(pdf: bytes, title: str, printer: str | None) -> str:
    """What `lp` answered, such as the job's number. NoPrinterError says what else can be done."""
    lp = shutil.which("lp")
    if lp is None:
        raise NoPrinterError("there is no `lp` here (Debian: cups-client); or write the clear PDF with --clear FILE")
    to = ("-d", printer) if printer else ()
    try:
        done = subprocess.run(
            [lp, *to, "-t", title, "-"], input=pdf, capture_output=True, check=False, timeout=WITHIN_S
        )
    except subprocess.TimeoutExpired:
        raise NoPrinterError(f"`lp` did not answer within {WITHIN_S:g} s; `lpstat -t` shows the printers") from None
    if done.returncode:
        why = " ".join(done.stderr.decode(errors="replace").split())
        raise NoPrinterError(f"`lp` did not print: {why}; `lpstat -p` lists the printers for --printer")
    return done.stdout.decode(errors="replace").strip()
