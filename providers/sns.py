"""Messages of Amazon's Simple Notification Service, and of services that copy it.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
A valid signature proves only the service, in which anybody may have a topic: the topic
has to be one that the administrator has entered.
"""

import base64
import re
from contextlib import suppress
from datetime import datetime, timezone

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from .contract import Unreadable, _lt
from .times import moment
from .values import BAD_SHAPE, is_any, is_recent, load, text

WINDOW = 24 * 3600  # seconds; retried for an hour unless a topic says otherwise

HASHES = {"1": SHA1, "2": SHA256}
COMMON = ("Message", "MessageId")
SIGNED = {
    "Notification": (*COMMON, "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(
        ("SubscriptionConfirmation", "UnsubscribeConfirmation"),
        (*COMMON, "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
CACHED = 20  # certificates; there is one, and a new one now and then
# An address that failed is not fetched again for so many seconds; nor is any other once
# so many have failed within that time.
PAUSE, MOST_FAILURES = 60, 10

BAD_CERTIFICATE = (InvalidSignature, UnsupportedAlgorithm, *BAD_SHAPE)


class Service:
    """Amazon's service, or one that copies it."""

    def __init__(self, addresses_of, authority_of=None):
        """
        :param addresses_of: from the name (ARN) of a topic to two patterns of whole
            addresses, of its certificates and of its confirmations; None for an invalid
            name
        :param authority_of: from the address of a certificate to that of the
            certificates it must be issued by; None where the address proves enough
        """
        self._addresses_of = addresses_of
        self._authority_of = authority_of
        self._certificates = {}
        self._failures = {}  # address to moment and error, None for a bad certificate

    def forget(self):
        """Forget all certificates, good and bad."""
        self._certificates.clear()
        self._failures.clear()

    def _is_address(self, url, arn, place):
        """Return whether an address is one of a topic.

        :param str url: address
        :param str arn: name of the topic
        :param int place: of the pattern, see `addresses_of`
        """
        patterns = self._addresses_of(arn)
        return bool(patterns and re.fullmatch(patterns[place], url))

    def authenticate(self, keys, call):
        """Check topic, time and signature of a message.

        :param list keys: names (ARN) of the topics that may report
        :raise OSError: when the certificate cannot be fetched
        """
        try:
            message = load(call.body)
            topic = text(message["TopicArn"])
            if not is_any(topic, keys):
                return False
            sent = moment(message["Timestamp"]).replace(tzinfo=timezone.utc)
            url = text(message["SigningCertURL"])
            if not is_recent(sent.timestamp(), call.now, WINDOW):
                return False
            if not self._is_address(url, topic, 0):
                return False
            signed = canonical(message)
            signature = base64.b64decode(message["Signature"], validate=True)
            hashed = HASHES[text(message["SignatureVersion"])]()
        except (Unreadable, *BAD_SHAPE):
            return False
        # Outside of the `try`: a missing certificate is no reason to refuse.
        certificate = self._certificate(url, call)
        try:
            _check_time(certificate, call.now)
            certificate.public_key().verify(signature, signed, PKCS1v15(), hashed)
        except BAD_CERTIFICATE:
            return False
        return True

    def _certificate(self, url, call):
        """Return a certificate, None when it is invalid or somebody else's.

        :raise OSError: when it cannot be fetched, or could not be a moment ago
        """
        if url in self._certificates:
            return self._certificates[url]
        self._check_failures(url, call.now)
        try:
            certificate = self._fetch(url, call)
        except OSError as error:
            self._failures[url] = (call.now, error)
            raise
        except BAD_CERTIFICATE:
            self._failures[url] = (call.now, None)
            return None
        while len(self._certificates) >= CACHED:
            self._certificates.pop(next(iter(self._certificates)))
        self._certificates[url] = certificate
        return certificate

    def _check_failures(self, url, now):
        """Check that an address may be fetched.

        :raise OSError: when it, or too many others, failed a moment ago
        """
        failures = {
            failed: failure
            for failed, failure in self._failures.copy().items()
            if abs(now - failure[0]) < PAUSE
        }
        self._failures = failures
        if url in failures or len(failures) >= MOST_FAILURES:
            error = failures.get(url, (now, None))[1]
            raise OSError(f"failed less than {PAUSE} seconds ago: {error or url}")

    def _fetch(self, url, call):
        pem = call.fetch(url)
        authority = self._authority_of and call.fetch(self._authority_of(url))
        certificate = x509.load_pem_x509_certificate(pem)
        if authority:
            _check_issuer(certificate, authority)
        return certificate

    def confirmation(self, body):
        """Return the address that confirms a subscription; see `Provider`.

        It belongs to the topic that the message names, which is checked by now.
        """
        with suppress(Unreadable, *BAD_SHAPE):
            message = load(body)
            url, topic = text(message["SubscribeURL"]), text(message["TopicArn"])
            if message["Type"] == "SubscriptionConfirmation":
                return url if self._is_address(url, topic, 1) else None
        return None


def canonical(message):
    """Return the bytes of a message that are signed.

    :raise KeyError: when it is not a message of SNS
    """
    lines = [
        f"{name}\n{message[name]}\n"
        for name in SIGNED[message["Type"]]
        if name != "Subject" or message.get(name) is not None
    ]
    return "".join(lines).encode()


def _check_issuer(certificate, authority):
    """Check that one of some certificates has issued another one.

    :param bytes authority: PEM of one or more certificates
    :raise InvalidSignature: when none of them has
    """
    end = b"-----END CERTIFICATE-----"
    for pem in authority.split(end)[:-1]:
        issuer = x509.load_pem_x509_certificate(pem.strip() + b"\n" + end)
        if issuer.subject != certificate.issuer:
            continue
        issuer.public_key().verify(
            certificate.signature,
            certificate.tbs_certificate_bytes,
            PKCS1v15(),
            certificate.signature_hash_algorithm,
        )
        return
    raise InvalidSignature("not issued by the authority")


def _check_time(certificate, now):
    moment_now = datetime.fromtimestamp(now, timezone.utc)
    # The names since cryptography 42, which deprecates the older ones.
    begins, ends = (
        getattr(certificate, f"{name}_utc", None)
        or getattr(certificate, name).replace(tzinfo=timezone.utc)
        for name in ("not_valid_before", "not_valid_after")
    )
    if not begins <= moment_now <= ends:
        raise ValueError("not valid now")


def message_in(body):
    """Return the content of a notification.

    :return: JSON as text, None when it is another kind of message
    :raise Unreadable: when it is not a message
    """
    message = load(body)
    try:
        return message["Message"] if message["Type"] == "Notification" else None
    except BAD_SHAPE as error:
        raise Unreadable(_lt("Not an SNS message")) from error
