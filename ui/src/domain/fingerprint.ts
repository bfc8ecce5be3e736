// Host key fingerprints as OpenSSH prints them: `SHA256:` and unpadded base64.

/** What somebody typed or pasted, without the blanks, the missing prefix and the padding that mails add. */
export function normalFingerprint(text: string): string {
  const bare = text.replace(/\s+/g, '').replace(/=+$/, '');
  return /^sha256:/i.test(bare) ? `SHA256:${bare.slice(7)}` : `SHA256:${bare}`;
}

/** Whether it has the shape of a whole SHA-256 fingerprint. */
export function isFingerprint(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(normalFingerprint(text));
}

export function sameFingerprint(a: string, b: string): boolean {
  return isFingerprint(a) && normalFingerprint(a) === normalFingerprint(b);
}

/** A SHA-256 in groups of four, so that two people can read it to each other. */
export function grouped(hash: string): string {
  return hash.match(/.{1,4}/g)?.join(' ') ?? hash;
}
