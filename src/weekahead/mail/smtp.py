"""Hand letters over to a mail server by SMTP (RFC 5321), one recipient a transaction.

DATA is driven by hand: the journal is written between the server's 354 and the first byte of text. What fails before that
was not sent; what fails after it may have been, for the text of a letter fits into the system's buffers whole.
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs, unquote

from msgspec import Struct

from weekahead.mail.hosts import is_this_machine, without_secrets
from weekahead.mail.transport import Accepted, HasAddress, InDoubt, Outcome, Refused, TransportError, TryLater
from weekahead.model.addresses import is_host, split_address

VARIABLE = "WEEKAHEAD_SMTP"
EXAMPLE = f"Set {VARIABLE}=smtp://user:password@smtp.example:587?tls=starttls"
ESCAPES = "Write % # / ? @ in a password as %25 %23 %2F %3F %40."
TLS = ("starttls", "implicit", "none")
SECONDS = 60.0
"""How long a server may take to answer a command."""
LAST_ANSWER = 300.0
"""How long it may take to answer the whole text: it may scan it first."""
LONGEST = 3600.0
"""The longest time that may be set for an answer."""


class Server(Struct, frozen=True, kw_only=True):
    """A mail server, and how to log in there."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""
    timeout: float = SECONDS
    last_answer: float = LAST_ANSWER

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def without_secrets(self, text: str) -> str:
        """Return what the server said, without the password."""
        return without_secrets(text, self.password, f"\0{self.user}\0{self.password}" if self.password else "")


def parse_server(address: str) -> Server:
    """Return the server that WEEKAHEAD_SMTP names. Raise TransportError, which does not repeat the password."""
    parts = split_address(address)
    options = parse_qs(parts.query, keep_blank_values=True)
    host, port = parts.hostname, parts.port
    if parts.scheme != "smtp" or not host or not is_host(host) or parts.path.strip("/") or parts.fragment:
        raise TransportError(f"{VARIABLE} is not smtp://user:password@host:port", f"{EXAMPLE}. {ESCAPES}")
    limits = _limits(options.pop("timeout", [""])[-1])
    tls = options.pop("tls", ["implicit" if port == 465 else "starttls"])[-1]
    if tls not in TLS or options:
        raise TransportError(f"{VARIABLE} must end in ?tls= and one of {', '.join(TLS)}", f"{EXAMPLE}.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if "\0" in user + password:
        raise TransportError(f"{VARIABLE} has a user or a password that cannot be sent", "Look for %00 in it.")
    if tls == "none" and password and not is_this_machine(host):
        message = f"{VARIABLE} would send the password to {host} unencrypted"
        raise TransportError(message, "Use tls=starttls or tls=implicit.")
    default = {"starttls": 587, "implicit": 465, "none": 25}[tls]
    return Server(host=host, port=port or default, tls=tls, user=user, password=password, **limits)


def _limits(timeout: str) -> dict[str, float]:
    """Return how long a server may take, by ?timeout= of its address. Raise TransportError."""
    if not timeout:
        return {}
    seconds = float(timeout) if re.fullmatch(r"\d{1,5}(\.\d+)?", timeout, re.ASCII) else 0.0
    if not 0 < seconds <= LONGEST:
        raise TransportError(f"timeout= in {VARIABLE} is not a number of seconds", f"Write 1 to {LONGEST:.0f}.")
    return {"timeout": seconds, "last_answer": seconds}


class Smtp:
    """A connection to a mail server, made when the first letter is there, and made again after it was lost."""

    def __init__(self, server: Server, sender: str, return_path: Callable[[str], str] | None = None) -> None:
        """Send as `sender`. Letters that fail come back there, or to what `return_path` makes of the reader's id."""
        self.place = server.place
        self._server, self._sender, self._return_path = server, sender, return_path
        self._connection: smtplib.SMTP | None = None
        self._was_connected = False

    def hand_over(self, recipient: HasAddress, message: bytes, on_354: Callable[[], None]) -> Outcome:
        """Hand over a letter in one transaction, as PersonTransport says. Raise TransportError, and what `on_354` raises."""
        try:
            connection = self._connection = self._connection or self._connect()
            refusal = self._envelope(connection, recipient, len(message)) or _ask(connection, "DATA")
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(error)
        if isinstance(refusal, TryLater | Refused):
            self._reset(refusal)
            return refusal
        try:
            on_354()
        except BaseException:
            self._drop()  # without the final dot nothing is delivered
            raise
        outcome = self._send_text(connection, message)
        self._reset(outcome)
        return outcome

    def close(self) -> None:
        if self._connection:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.docmd("QUIT")
        self._drop()

    def _connect(self) -> smtplib.SMTP:
        """Return a connection that is ready for letters. Raise OSError, SMTPException or TransportError."""
        server, own_name = self._server, self._sender.rpartition("@")[2]
        connection: smtplib.SMTP | None = None
        try:
            tls = ssl.create_default_context()
            if server.tls == "implicit":
                connection = smtplib.SMTP_SSL(server.host, server.port, own_name, timeout=server.timeout, context=tls)
            else:
                connection = smtplib.SMTP(server.host, server.port, own_name, server.timeout)
            connection.ehlo_or_helo_if_needed()
            if server.tls == "starttls":
                connection.starttls(context=tls)
                connection.ehlo_or_helo_if_needed()
            if server.user:
                _log_in(connection, server)
        except BaseException as error:
            if connection:
                connection.close()
            _raise_if_final(error, server, self._was_connected)
            raise
        self._was_connected = True
        return connection

    def _envelope(self, connection: smtplib.SMTP, recipient: HasAddress, size: int) -> TryLater | Refused | None:
        """Name the sender and the recipient; return why the letter is not taken. Raise TransportError."""
        options = [f"SIZE={size}"] if connection.has_extn("size") else []
        limit = connection.esmtp_features.get("size", "") if options else ""
        if limit.isdecimal() and 0 < int(limit) < size:
            message = f"{self.place} takes letters of {int(limit):,} bytes, and this one has {size:,}"
            raise TransportError(message, "Make it shorter: pictures stay on the web page.")
        if re.search(r"[\s<>]", recipient.address):  # smtplib would take a part of it
            return Refused(553, "this is not an address", is_address=True)
        if not recipient.address.isascii():
            if not connection.has_extn("smtputf8"):
                return Refused(553, f"{self.place} takes only ASCII addresses")
            options.append("SMTPUTF8")
        sender = self._return_path(recipient.id) if self._return_path else self._sender
        code, text = connection.mail(sender, options)
        if code >= 500:
            hint = "Nothing is wrong with the readers' addresses: look at your account there."
            if self._return_path:
                hint += " It may let you send from your plain address alone: then remove bounce_addresses."
            raise TransportError(f"{self.place} takes no letter from {sender}: {code} {_words(text)}", hint)
        if code >= 400:
            return TryLater(code, _words(text), host=True)
        code, text = connection.rcpt(recipient.address)
        refusal = _refusal(code, text, 200, 300)
        return Refused(code, refusal.text, is_address=True) if isinstance(refusal, Refused) else refusal

    def _send_text(self, connection: smtplib.SMTP, message: bytes) -> Outcome:
        """Send the text and return how that ended; whatever is no whole answer leaves it in doubt."""
        try:
            if connection.sock is None:
                return InDoubt("the connection was lost")
            connection.sock.settimeout(self._server.last_answer)
            connection.send(_as_data(message))
            code, text = connection.getreply()
            if connection.sock is not None:
                connection.sock.settimeout(self._server.timeout)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return InDoubt(_reason(error))
        if 200 <= code < 300:
            return Accepted(code, _words(text))
        refusal = _refusal(code, text, 200, 300)
        if isinstance(refusal, TryLater) and refusal.code == 0:
            self._drop()
            return InDoubt(f"the answer to the text made no sense: {code} {_words(text)}")
        return refusal or InDoubt("no answer")

    def _reset(self, outcome: Outcome) -> None:
        """Make the connection ready for the next letter, or drop it."""
        connection = self._connection
        if connection is None or isinstance(outcome, Accepted):
            return
        is_closing = isinstance(outcome, TryLater) and (outcome.code == 421 or outcome.code == 0)
        try:
            if is_closing or isinstance(outcome, InDoubt) or connection.docmd("RSET")[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _lost(self, error: Exception) -> TryLater:
        self._drop()
        code = getattr(error, "smtp_code", 0)
        said = self._server.without_secrets(_reason(error))
        return TryLater(code if isinstance(code, int) and 400 <= code < 500 else 0, said, host=True)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with suppress(OSError):
                connection.close()


def _log_in(connection: smtplib.SMTP, server: Server) -> None:
    """Log in. smtplib cannot send what is not ASCII, which PLAIN takes as UTF-8 (RFC 4616). Raise SMTPException, OSError."""
    if (server.user + server.password).isascii():
        connection.login(server.user, server.password)
        return
    if "PLAIN" not in connection.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError("it accepts no user or password with letters beyond ASCII")
    words = base64.b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    code, text = connection.docmd("AUTH", f"PLAIN {words}")
    if code not in (235, 503):  # 503: logged in already
        raise smtplib.SMTPAuthenticationError(code, text)


def _ask(connection: smtplib.SMTP, command: str) -> TryLater | Refused | None:
    """Send DATA; return why the text may not follow, or None after a 354."""
    return _refusal(*connection.docmd(command), 354, 355)


def _refusal(code: int, text: bytes, least: int, below: int) -> TryLater | Refused | None:
    """Return what an answer means: None for a code that is wanted, a refusal for 5xx, else to try later."""
    if least <= code < below:
        return None
    if 500 <= code < 600:
        return Refused(code, _words(text))
    if 400 <= code < 500:
        return TryLater(code, _words(text), host=code == 421)
    return TryLater(0, f"{code} {_words(text)}", host=True)


def _raise_if_final(error: BaseException, server: Server, was_connected: bool) -> None:
    """Raise TransportError for what another try would not change: settings that are wrong, a host that is not there."""
    place, reply = server.place, server.without_secrets(_reason(error))
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        raise TransportError(f"{place} does not accept this user and password: {reply}", f"Check {VARIABLE}.") from None
    if isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException:
        hint = f"Check tls= in {VARIABLE}: port 465 has implicit, port 587 starttls."
        if "authentication method" in reply:
            hint = "weekahead logs in with a user and a password: make an app password there, or use another account."
        raise TransportError(f"{place} does not offer what {VARIABLE} asks for: {reply}", hint) from None
    if isinstance(error, ssl.SSLCertVerificationError):
        message = f"the certificate of {place} cannot be trusted: {error.verify_message}"
        raise TransportError(message, _certificate_hint(error)) from None
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        raise TransportError(f"{place} does not begin with TLS", f"Write tls=starttls in {VARIABLE}.") from None
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
        raise TransportError(f"{place} refuses the connection: {error.smtp_code} {reply}") from None
    is_silent = isinstance(error, smtplib.SMTPServerDisconnected) and "timed out" in str(error)
    if (is_silent or not isinstance(error, smtplib.SMTPException)) and isinstance(error, OSError) and not was_connected:
        hint = f"Check the host and the port in {VARIABLE}."
        if is_silent and server.tls != "implicit":
            hint += " A server that waits for TLS says nothing: then write tls=implicit."
        raise TransportError(f"could not reach {place}: {reply}", hint) from None


def _certificate_hint(error: ssl.SSLCertVerificationError) -> str:
    """Return what to do about a certificate that cannot be trusted."""
    if error.verify_code in (62, 64):  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
        return "Use the host name that the certificate is for."
    if error.verify_code == 10:  # X509_V_ERR_CERT_HAS_EXPIRED
        return "Whoever runs that server has to renew it. Look whether the clock of this machine is right."
    return "If the server is yours, name the file of its certificate: SSL_CERT_FILE=/path/to/certificate.pem"


def _reason(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _words(said if isinstance(said, bytes) else str(said).encode())
    if isinstance(error, TimeoutError) or "timed out" in str(error):  # smtplib may have turned it into its own
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error)[:200]


def _words(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())[:300]


def _as_data(message: bytes) -> bytes:
    """Return a message as it follows DATA: lines end in CRLF, a dot at the start of one is doubled (RFC 5321, 4.5.2)."""
    is_crlf = message.count(b"\r\n") == message.count(b"\r") == message.count(b"\n")  # 0.2 ms a letter sooner
    lines = message if is_crlf else re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    lines = b"." * lines.startswith(b".") + lines.replace(b"\r\n.", b"\r\n..")
    return lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n")
