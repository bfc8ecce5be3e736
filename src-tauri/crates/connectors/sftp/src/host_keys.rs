//! Which host keys are trusted: `known_hosts` as OpenSSH writes it, read and appended to, or one pinned fingerprint.
//!
//! A host that is on record with other keys only is *changed*, whatever the type of the new key: an attacker
//! may choose the type. A certificate counts where an authority on record made it for this host; otherwise, as with
//! OpenSSH, the key in it is judged like any other.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use russh::keys::{Algorithm, Certificate, HashAlg, PublicKey};
use sha1::Sha1;

/// What the record says of a key that a server shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is on record or pinned.
    Trusted,
    /// The host is not on record.
    Unknown { offered: String },
    /// The host is on record with another key.
    Changed { known: String, offered: String },
    /// The key itself is on record as stolen or lost.
    Revoked { offered: String },
}

/// Where the trust in one host comes from.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// As it stands in the file: `host`, or `[host]:port` off port 22.
    name: String,
    files: Vec<PathBuf>,
    pin: Option<String>,
}

/// One usable line of `known_hosts`.
struct Line {
    number: usize,
    mark: Mark,
    hosts: String,
    key: PublicKey,
}

/// What a line says of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The host's own.
    Known,
    /// Stolen or lost.
    Revoked,
    /// It makes certificates for hosts.
    Authority,
}

/// The fingerprint as OpenSSH prints it: `SHA256:…`.
pub(crate) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

impl Record {
    /// The record of `host`; `files` are read in order and the first one is written to.
    pub(crate) fn new(host: &str, port: u16, files: Vec<PathBuf>, pin: Option<String>) -> Self {
        let host = host.to_ascii_lowercase();
        let name = if port == 22 { host } else { format!("[{host}]:{port}") };
        Self { name, files, pin }
    }

    /// Whether `key` may be spoken to.
    pub(crate) fn judge(&self, key: &PublicKey) -> io::Result<Verdict> {
        let offered = fingerprint(key);
        let lines = self.lines()?;
        if lines.iter().any(|line| line.mark == Mark::Revoked && line.key.key_data() == key.key_data()) {
            return Ok(Verdict::Revoked { offered });
        }
        if let Some(pin) = &self.pin {
            let same = pin.trim_end_matches('=') == offered.trim_end_matches('=');
            return Ok(if same { Verdict::Trusted } else { Verdict::Changed { known: pin.clone(), offered } });
        }
        let known: Vec<_> = lines.iter().filter(|line| line.mark == Mark::Known).collect();
        Ok(if known.iter().any(|line| line.key.key_data() == key.key_data()) {
            Verdict::Trusted
        } else if let Some(other) =
            known.iter().find(|line| line.key.algorithm() == key.algorithm()).or_else(|| known.first())
        {
            Verdict::Changed { known: fingerprint(&other.key), offered }
        } else {
            Verdict::Unknown { offered }
        })
    }

    /// Whether the host that shows `certificate` may be spoken to.
    pub(crate) fn judge_certificate(&self, certificate: &Certificate) -> io::Result<Verdict> {
        let key = PublicKey::new(certificate.public_key().clone(), "");
        let maker = certificate.signature_key();
        let revoked = self.lines()?.iter().any(|line| line.mark == Mark::Revoked && line.key.key_data() == maker);
        if revoked {
            return Ok(Verdict::Revoked { offered: maker.fingerprint(HashAlg::Sha256).to_string() });
        }
        let judged = self.judge(&key)?;
        if matches!(judged, Verdict::Revoked { .. })
            || !self.authorities()?.iter().any(|known| known.key_data() == maker)
        {
            return Ok(judged);
        }
        match self.fault_of(certificate) {
            None => Ok(Verdict::Trusted),
            Some(fault) => {
                tracing::warn!(host = self.name, fault, "a host certificate does not count; its key is judged alone");
                Ok(judged)
            }
        }
    }

    /// Why a certificate of a known authority does not speak for this host.
    fn fault_of(&self, certificate: &Certificate) -> Option<&'static str> {
        let host = self.bare_name();
        let names = certificate.valid_principals();
        // Without names it holds for any host, as the format defines.
        let names_host = names.is_empty()
            || names.iter().any(|name| matches_glob(host.as_bytes(), name.to_ascii_lowercase().as_bytes()));
        if !certificate.cert_type().is_host() {
            Some("it is not made for a host")
        } else if !names_host {
            Some("it names other hosts")
        } else if !certificate.critical_options().is_empty() {
            Some("it has conditions that are not known here")
        } else if certificate.validate([&certificate.signature_key().fingerprint(HashAlg::Sha256)]).is_err() {
            Some("it has expired, is not valid yet, or its signature is wrong")
        } else {
            None
        }
    }

    /// Whether certificates are to be asked for: a pin is about one key.
    pub(crate) fn has_authorities(&self) -> bool {
        self.pin.is_none() && self.authorities().is_ok_and(|keys| !keys.is_empty())
    }

    /// Who may make certificates for this host. As with OpenSSH a line counts on any port.
    fn authorities(&self) -> io::Result<Vec<PublicKey>> {
        let mut keys = Vec::new();
        for file in &self.files {
            let text = read_text(file)?;
            let lines = text.lines().enumerate().filter_map(|(number, line)| parse_line(number, line));
            let named = |line: &Line| names_host(&line.hosts, &self.name) || names_host(&line.hosts, self.bare_name());
            keys.extend(lines.filter(|line| line.mark == Mark::Authority && named(line)).map(|line| line.key));
        }
        Ok(keys)
    }

    /// The host without its port.
    fn bare_name(&self) -> &str {
        self.name.strip_prefix('[').and_then(|rest| rest.rsplit_once("]:")).map_or(&self.name, |(host, _)| host)
    }

    /// The types of the keys on record, to be asked for first: a server shows one key only.
    pub(crate) fn known_types(&self) -> Vec<Algorithm> {
        if self.pin.is_some() {
            return Vec::new();
        }
        let lines = self.lines().unwrap_or_default();
        lines.into_iter().filter(|line| line.mark == Mark::Known).map(|line| line.key.algorithm()).collect()
    }

    /// Whether one fingerprint of the settings decides instead of the file.
    pub(crate) fn is_pinned(&self) -> bool {
        self.pin.is_some()
    }

    /// Puts `key` on record, in one step that leaves the file whole. `replace` takes the host's other keys out first.
    pub(crate) fn learn(&self, key: &PublicKey, replace: bool) -> io::Result<()> {
        let Some(file) = self.files.first() else {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no known_hosts file is set"));
        };
        let before = read_text(file)?;
        let doomed: Vec<usize> = if replace {
            let known = self.lines_of(&before).into_iter().filter(|line| line.mark == Mark::Known);
            known.map(|line| line.number).collect()
        } else {
            Vec::new()
        };
        let mut after = String::new();
        for (number, text) in before.lines().enumerate() {
            if doomed.contains(&number) {
                if let Some(kept) = self.without_this_host(text) {
                    after.push_str(&kept);
                    after.push('\n');
                }
            } else {
                after.push_str(text);
                after.push('\n');
            }
        }
        let bare = PublicKey::new(key.key_data().clone(), "");
        let encoded = bare.to_openssh().map_err(io::Error::other)?;
        after.extend([self.name.as_str(), " ", encoded.trim_end(), "\n"]);
        write_whole(file, &after)
    }

    /// The line for the hosts that it also names, or `None` where it names this host alone.
    fn without_this_host(&self, text: &str) -> Option<String> {
        let (hosts, rest) = text.trim_start().split_once(char::is_whitespace)?;
        let others: Vec<_> = hosts.split(',').filter(|pattern| !matches_pattern(&self.name, pattern)).collect();
        let names_others = others.iter().any(|pattern| !pattern.starts_with('!'));
        names_others.then(|| format!("{} {rest}", others.join(",")))
    }

    fn lines(&self) -> io::Result<Vec<Line>> {
        let mut lines = Vec::new();
        for file in &self.files {
            lines.extend(self.lines_of(&read_text(file)?));
        }
        Ok(lines)
    }

    /// The lines that name this host.
    fn lines_of(&self, text: &str) -> Vec<Line> {
        let numbered = text.lines().enumerate();
        numbered
            .filter_map(|(number, line)| parse_line(number, line))
            .filter(|line| names_host(&line.hosts, &self.name))
            .collect()
    }
}

fn parse_line(number: usize, text: &str) -> Option<Line> {
    let mut words = text.split_whitespace();
    let mut first = words.next().filter(|word| !word.starts_with('#'))?;
    let mark = match first {
        "@revoked" => Mark::Revoked,
        "@cert-authority" => Mark::Authority,
        _ if first.starts_with('@') => return None,
        _ => Mark::Known,
    };
    if mark != Mark::Known {
        first = words.next()?;
    }
    let (_kind, base64) = (words.next()?, words.next()?);
    let key = russh::keys::key::parse_public_key(&BASE64.decode(base64.as_bytes()).ok()?).ok()?;
    Some(Line { number, mark, hosts: first.to_owned(), key })
}

/// The hosts that a file names in the open, with their ports where those are not 22, and how many lines name one by a hash.
#[derive(Debug, Default)]
pub(crate) struct NamedHosts {
    pub(crate) names: Vec<(String, Option<u16>)>,
    pub(crate) hashed: usize,
}

/// Every host of the text of a `known_hosts`, once: the first name of each line, as OpenSSH writes an address behind it.
pub(crate) fn named_in(text: &str) -> NamedHosts {
    let mut hosts = NamedHosts::default();
    let lines = text.lines().enumerate().filter_map(|(number, line)| parse_line(number, line));
    for line in lines.filter(|line| line.mark == Mark::Known) {
        let first = line.hosts.split(',').next().unwrap_or_default();
        if first.starts_with("|1|") {
            hosts.hashed += 1;
            continue;
        }
        let bracketed = first.strip_prefix('[').and_then(|rest| rest.rsplit_once("]:"));
        let (name, port) = bracketed.map_or((first, None), |(name, port)| (name, port.parse().ok()));
        let named = (name.to_owned(), port.filter(|port| *port != 22));
        if !name.is_empty() && !name.contains(['*', '?', '!']) && !hosts.names.contains(&named) {
            hosts.names.push(named);
        }
    }
    hosts
}

fn names_host(patterns: &str, name: &str) -> bool {
    let refused = patterns
        .split(',')
        .filter_map(|pattern| pattern.strip_prefix('!'))
        .any(|pattern| matches_pattern(name, pattern));
    !refused && patterns.split(',').any(|pattern| matches_pattern(name, pattern))
}

/// One pattern: hashed, or text with `*` and `?`. A negated one matches nothing here.
fn matches_pattern(name: &str, pattern: &str) -> bool {
    if let Some(hashed) = pattern.strip_prefix("|1|") {
        return matches_hashed(name, hashed).unwrap_or(false);
    }
    !pattern.starts_with('!') && matches_glob(name.as_bytes(), pattern.to_ascii_lowercase().as_bytes())
}

fn matches_hashed(name: &str, hashed: &str) -> Option<bool> {
    let (salt, digest) = hashed.split_once('|')?;
    let mac = Hmac::<Sha1>::new_from_slice(&BASE64.decode(salt.as_bytes()).ok()?).ok()?;
    Some(mac.chain_update(name).verify_slice(&BASE64.decode(digest.as_bytes()).ok()?).is_ok())
}

/// Text with `*` for any and `?` for one character, as OpenSSH's configuration files use it.
pub(crate) fn matches_glob(text: &[u8], pattern: &[u8]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(b'*'), _) => matches_glob(text, &pattern[1..]) || (!text.is_empty() && matches_glob(&text[1..], pattern)),
        (Some(b'?'), Some(_)) => matches_glob(&text[1..], &pattern[1..]),
        (Some(wanted), Some(found)) if wanted == found => matches_glob(&text[1..], &pattern[1..]),
        _ => false,
    }
}

fn read_text(file: &Path) -> io::Result<String> {
    match fs_err::read(file) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// Writes beside the file and renames, readable by its owner alone. A symlink keeps pointing where it points.
fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    let file = fs_err::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().unwrap_or(Path::new("."));
    if !folder.as_os_str().is_empty() && !folder.exists() {
        make_private_folder(folder)?;
    }
    let beside = file.with_extension(format!("{}.waybill", uuid::Uuid::now_v7().simple()));
    let written = write_private(&beside, text).and_then(|()| fs_err::rename(&beside, &file));
    if written.is_err() {
        fs_err::remove_file(&beside).ok();
    }
    written
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs_err::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs_err::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN+Wjn4+4Fcvl2JlKpggT+wCRxpSvtqqpVrQrKN1/A22";
    const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMxBTpMIGvo7CnordO7wP0QQRqpBwUjOLl4eMhfucfE1sjTYyK5wmTl1UqoSDS1PtRVTBdl+0+9pquFb46U7fwg=";

    fn key(text: &str) -> PublicKey {
        PublicKey::from_openssh(text).unwrap()
    }

    fn record(port: u16, text: &str) -> (tempfile::TempDir, Record) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        fs_err::write(&file, text).unwrap();
        let record = Record::new("Sftp.Example", port, vec![file], None);
        (folder, record)
    }

    fn hashed(name: &str) -> String {
        let salt = [7_u8; 20];
        let digest = Hmac::<Sha1>::new_from_slice(&salt).unwrap().chain_update(name).finalize().into_bytes();
        format!("|1|{}|{}", BASE64.encode(&salt), BASE64.encode(&digest))
    }

    #[rstest]
    #[case(22, format!("sftp.example {KEY}"), Verdict::Trusted)]
    #[case(22, format!("other,sftp.example,10.0.0.1 {KEY} a comment"), Verdict::Trusted)]
    #[case(22, format!("*.example {KEY}"), Verdict::Trusted)]
    #[case(22, format!("{} {KEY}", hashed("sftp.example")), Verdict::Trusted)]
    #[case(2222, format!("[sftp.example]:2222 {KEY}"), Verdict::Trusted)]
    #[case(2222, format!("{} {KEY}", hashed("[sftp.example]:2222")), Verdict::Trusted)]
    #[case(22, format!("sftp.example {OTHER}\nsftp.example {KEY}"), Verdict::Trusted)]
    #[case(2222, format!("sftp.example {KEY}"), unknown())]
    #[case(22, format!("*.example,!sftp.example {KEY}"), unknown())]
    #[case(22, String::new(), unknown())]
    #[case(22, format!("# sftp.example {KEY}\nnonsense\n"), unknown())]
    #[case(22, format!("@cert-authority *.example {KEY}"), unknown())]
    #[case(22, format!("sftp.example {OTHER}"), changed(OTHER))]
    #[case(22, format!("sftp.example {ECDSA}"), changed(ECDSA))]
    #[case(22, format!("sftp.example {KEY}\n@revoked * {KEY}"), Verdict::Revoked { offered: fingerprint(&key(KEY)) })]
    fn the_record_decides(#[case] port: u16, #[case] text: String, #[case] expected: Verdict) {
        let (_folder, record) = record(port, &text);
        assert_eq!(record.judge(&key(KEY)).unwrap(), expected, "{text}");
    }

    fn unknown() -> Verdict {
        Verdict::Unknown { offered: fingerprint(&key(KEY)) }
    }

    fn changed(known: &str) -> Verdict {
        Verdict::Changed { known: fingerprint(&key(known)), offered: fingerprint(&key(KEY)) }
    }

    #[test]
    fn a_pinned_fingerprint_decides_instead_of_the_file() {
        let (_folder, mut record) = record(22, &format!("sftp.example {OTHER}"));
        record.pin = Some(fingerprint(&key(KEY)));
        assert_eq!(record.judge(&key(KEY)).unwrap(), Verdict::Trusted);
        assert!(matches!(record.judge(&key(OTHER)).unwrap(), Verdict::Changed { .. }));
    }

    #[test]
    fn a_learned_key_is_appended_and_nothing_else_changes() {
        let before = format!("# mine\n{} {OTHER}", hashed("elsewhere"));
        let (folder, record) = record(2222, &before);
        record.learn(&key(KEY), false).unwrap();
        let after = fs_err::read_to_string(folder.path().join("known_hosts")).unwrap();
        assert_eq!(after, format!("{before}\n[sftp.example]:2222 {KEY}\n"));
        assert_eq!(record.judge(&key(KEY)).unwrap(), Verdict::Trusted);
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1, "no file is left beside it");
    }

    #[test]
    fn a_replaced_key_goes_for_this_host_alone() {
        let (folder, record) = record(22, &format!("sftp.example,mirror.example {OTHER}\nthird {OTHER}\n"));
        record.learn(&key(KEY), true).unwrap();
        let after = fs_err::read_to_string(folder.path().join("known_hosts")).unwrap();
        assert_eq!(after, format!("mirror.example {OTHER}\nthird {OTHER}\nsftp.example {KEY}\n"));
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".ssh/known_hosts");
        Record::new("h", 22, vec![file.clone()], None).learn(&key(KEY), false).unwrap();
        let mode = |path: &Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn types_on_record_come_first() {
        let (_folder, record) = record(22, &format!("sftp.example {ECDSA}"));
        assert_eq!(record.known_types(), [key(ECDSA).algorithm()]);
    }
}
