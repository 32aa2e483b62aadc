"""Mail over SMTP, with the standard library in a thread. One message a recipient: nobody sees the others' addresses."""

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from services.watchdog.callers.caller import CallFailedError
from services.watchdog.settings import MailSettings
from services.watchdog.web import in_a_thread
from services.watchdog.words import Message


class Mail:
    """One recipient."""

    def __init__(self, settings: MailSettings, number: int) -> None:
        """`number` counts the recipients from 1: log lines name it so."""
        self.name = f"{settings.name}-{number}"
        self.joins_at = settings.joins_at
        self._settings = settings
        self._to = settings.recipients[number - 1].get_secret_value()

    async def call(self, message: Message) -> None:
        letter = self._letter(message)
        try:
            await in_a_thread(lambda: self._send(letter), self._settings.timeout_s)
        except TimeoutError:
            raise CallFailedError(f"the mail server took longer than {self._settings.timeout_s:g} s") from None
        except smtplib.SMTPAuthenticationError as error:
            raise CallFailedError(f"the mail server refuses the login ({error.smtp_code})") from None
        except smtplib.SMTPResponseException as error:
            raise CallFailedError(f"the mail server answers {error.smtp_code}") from None
        except ssl.SSLCertVerificationError:
            raise CallFailedError("the mail server's certificate is not trusted here") from None
        except smtplib.SMTPException as error:
            raise CallFailedError(f"the mail server refuses: {type(error).__name__}") from None
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else type(error).__name__
            raise CallFailedError(f"no mail server: {why}") from None

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._settings.sender, self._to, message.subject
        letter["Date"] = formatdate()
        letter["Message-ID"] = make_msgid(domain=self._settings.sender.rpartition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"
        if message.urgent:
            letter["X-Priority"], letter["Importance"] = "1", "high"
        letter.set_content(message.text)
        return letter

    def _send(self, letter: EmailMessage) -> None:
        settings, trusted = self._settings, ssl.create_default_context()
        timeout = settings.timeout_s
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=timeout, context=trusted)
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=timeout)
        with server:
            if settings.security == "starttls":
                server.starttls(context=trusted)
            if settings.user:
                server.login(settings.user, settings.password.get_secret_value())
            server.send_message(letter, settings.sender, [self._to])
