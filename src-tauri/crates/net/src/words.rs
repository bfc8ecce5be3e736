//! What every connection over HTTP can say in words of its own.

use waybill_connector::Phrase;

/// All of it.
pub fn connection_phrases() -> &'static [Phrase] {
    ALL
}

waybill_connector::phrases! {
    OPEN_LINE = "open-line", "The address begins with http://: everything goes there readable for whoever is on the way, secrets too. Ask for one with https://.";

    NAME = "reach-name", "Name found";
    PROXY = "reach-proxy", "Proxy reached";
    PORT = "reach-port", "Port answers";
    CERTIFICATE = "reach-certificate", "Certificate";
    NAME_BY_PROXY = "reach-name-by-proxy", "the proxy {proxy} finds the address of {host}";
    FIRST_BY_PROXY = "reach-port-by-proxy", "the proxy {proxy} is asked for {place} with the first call, and not before";
    TRUSTED = "reach-trusted", "that of {host} is trusted";
    PINNED = "reach-pinned", "that of {host} is the pinned one: {fingerprint}";

    NO_NAME = "reach-no-name", "no address is known for {host}; check it and this computer's network";
    NO_PORT = "reach-no-port", "nothing answers at {place}; check its address, or ask its administrator";
    NO_WAY = "reach-no-way", "{place} cannot be reached; check its address and this computer's network";
    LATE = "reach-late", "{place} did not answer in time; a firewall may be in between";
    NO_TLS = "reach-no-tls", "{place} does not speak TLS there; try http:// or another port";
    WHO_ARE_WE = "reach-who-are-we", "{place} asks for a client certificate, and none fits; enter one";
    BROKE = "reach-broke", "the connection to {place} broke";

    RAN_OUT = "certificate-ran-out", "the certificate of {place} is not trusted: it ran out on {day}; its administrator can renew it. Where they vouch for its fingerprint, it can be pinned: {fingerprint}";
    NOT_YET = "certificate-not-yet", "the certificate of {place} is not trusted: it is valid from {day} on; this computer's clock may be slow, or its administrator was too early. Where they vouch for its fingerprint, it can be pinned: {fingerprint}";
    ANOTHER_NAME = "certificate-another-name", "the certificate of {place} is not trusted: it is made out to {names}, so another server may be answering; check the address, or ask its administrator for a certificate with this name. Where they vouch for its fingerprint, it can be pinned: {fingerprint}";
    SELF_SIGNED = "certificate-self-signed", "the certificate of {place} is not trusted: the server signed it itself, so nobody else vouches for {names}; compare its fingerprint with the server's administrator and pin it, or have yours trust it: {fingerprint}";
    UNKNOWN_ISSUER = "certificate-unknown-issuer", "the certificate of {place} is not trusted: nobody whom this computer trusts has issued it to {names}; its issuer can be trusted under Settings, Network, or its fingerprint compared with the server's administrator and pinned: {fingerprint}";
    TAKEN_BACK = "certificate-taken-back", "the certificate of {place} is not trusted: its issuer has taken it back; ask the server's administrator, and pin nothing. Its fingerprint: {fingerprint}";
    CHANGED = "certificate-changed", "{place} shows another certificate than the pinned one, so nothing is sent; ask its administrator whether they changed it, and pin the new one only then. Pinned is {pinned}, shown was {fingerprint}";
    NOT_TRUSTED = "certificate-not-trusted", "the certificate of {place} is not trusted: {why}; ask its administrator. Where they vouch for its fingerprint, it can be pinned: {fingerprint}";
    UNSEEN = "certificate-unseen", "the certificate of {place} is not trusted; ask its administrator";

    SIGNED_UNTIL = "signed-in-until", "until {time}; it is renewed by itself";
    SIGNED_UNTIL_AGAIN = "signed-in-until-again", "until {time}; then somebody signs in again";
    SIGNED_RENEWS = "signed-in-renews", "it is renewed by itself";
    SIGNED_ENDS = "signed-in-ends", "somebody has to sign in again until {time}";

    REFUSED = "sign-in-refused", "the sign-in was refused{said}";
    SETTINGS = "sign-in-settings", "the sign-in service does not take this desk's settings{said}; check client and redirect address with its administrator";
    ANOTHER = "sign-in-another", "the answer belongs to another sign-in; begin again";
    NO_ANSWER = "sign-in-no-answer", "the address holds no answer of a sign-in; copy it whole, after the page has changed";
    NOT_IN_TIME = "sign-in-not-in-time", "nobody signed in within {minutes} minutes; begin again when somebody is there";
    DOES_NOT_LAST = "sign-in-does-not-last", "the sign-in worked, and the service gives nothing by which it lasts; its administrator can allow refresh tokens for this client";
    NO_REDIRECT = "redirect-none", "the redirect address {address} is none; it begins with http:// or https://";
    REDIRECT_ELSEWHERE = "redirect-elsewhere", "the redirect address {address} is not on this computer, so the answer cannot be heard; paste the address that the browser shows at its end";
    REDIRECT_TAKEN = "redirect-taken", "port {port} of this computer is taken by another program ({why}); end it, or paste the address that the browser shows at its end";
    REDIRECT_PORT = "redirect-port", "the redirect address {address} cannot have a port";
    NO_SERVICE = "sign-in-no-service", "no sign-in service is at {address}; check the region and the tenant";
    OTHER_SERVICE = "sign-in-other-service", "the sign-in service at {address} says that it is {other}; it is not asked for tokens";
    UNKNOWN_CLIENT = "sign-in-unknown-client", "the sign-in service does not know this client or its secret; copy both again, and check that region and tenant are theirs{said}";
    USED_UP = "sign-in-used-up", "the sign-in has run out, was used before, or does not belong to this client; sign in again{said}";
    NOT_ALLOWED = "sign-in-not-allowed", "the sign-in service does not allow this way to sign in; its administrator can{said}";
    CLIENT_REFUSED = "sign-in-client-refused", "the sign-in service refused the client or its secret{said}";
    NO_TOKEN = "sign-in-no-token", "the sign-in service answered without a token; its address may lead to something else";
    NOBODY = "sign-in-nobody", "nobody is signed in";
}
