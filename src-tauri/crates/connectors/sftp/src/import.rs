//! Connections that people already have elsewhere: hosts of `~/.ssh/config`, and rclone's remotes of type `sftp`.
//! OpenSSH keeps no secrets; rclone's are only disguised, and come along.

mod obscured;

use std::path::Path;

use waybill_connector::{Importable, Imports, LeftOut, Said, Settings};

use crate::{host_keys, ssh_config::SshConfig, words};

/// The hosts that `text`, a file like `~/.ssh/config`, names without wildcards; `home` stands for `~` in it.
///
/// The drafts keep the host's alias, so that later changes of the file count. Where `text` is not what stands in
/// `~/.ssh/config`, `file` is where it does, and the drafts lead there.
pub fn from_ssh_config(text: &str, home: &Path, file: Option<&Path>) -> Imports {
    let config = SshConfig::parse(text, home);
    let found = config.named_hosts().into_iter().map(|alias| host(&config, &alias, file)).collect();
    Imports { found, left_out: Vec::new() }
}

/// The hosts that the text of a `known_hosts` names and `config`, a file like `~/.ssh/config`, does not: neither by name nor
/// as the address of one of its hosts. They are never ready: a key says nothing of an account.
pub fn from_known_hosts(text: &str, config: &str, home: &Path) -> Imports {
    let config = SshConfig::parse(config, home);
    let aliases = config.named_hosts();
    let addresses: Vec<_> = aliases.iter().filter_map(|alias| config.options(alias).host_name).collect();
    let known = host_keys::named_in(text);
    let mut imports = Imports::default();
    for (name, port) in known.names {
        let is_there = |other: &String| other.eq_ignore_ascii_case(&name);
        if aliases.iter().any(is_there) || addresses.iter().any(is_there) {
            continue;
        }
        let mut found = Importable { ready: false, ..Importable::named(&name) };
        found.settings.set("host", &name);
        if let Some(port) = port {
            found.settings.set("port", port.to_string());
        }
        found.remarks.push(words::IMPORT_ONLY_KNOWN.said());
        imports.found.push(found);
    }
    if known.hashed > 0 {
        let why = words::IMPORT_HASHED.with(&[("count", &known.hashed.to_string())]);
        imports.left_out.push(LeftOut { name: "known_hosts".to_owned(), why });
    }
    imports
}

fn host(config: &SshConfig, alias: &str, file: Option<&Path>) -> Importable {
    let options = config.options(alias);
    let mut settings = Settings::from_iter([("host", alias)]);
    let mut remarks = Vec::new();
    if let Some(user) = &options.user {
        settings.set("user", user);
    }
    if let Some(port) = options.port {
        settings.set("port", port.to_string());
    }
    // Without a file of its own the host is signed in to as OpenSSH does it: by the agent, then by the usual keys.
    if let [first, others @ ..] = options.identity_files.as_slice() {
        settings.set("auth", "key");
        if others.is_empty() {
            settings.set("key_file", first.to_string_lossy());
        }
    }
    if let Some(file) = file {
        settings.set("ssh_config", file.to_string_lossy());
        remarks.push(words::IMPORT_KEEP_FILE.with(&[("file", &file.display().to_string())]));
    }
    if options.proxy_command && options.proxy_jump.is_none() {
        remarks.push(words::IMPORT_PROXY_COMMAND.said());
    }
    if config.has_conditions() {
        remarks.push(words::IMPORT_CONDITIONS.said());
    }
    // Without the host on the way it is not reached.
    let ready = !options.proxy_command || options.proxy_jump.is_some();
    Importable { settings, remarks, ready, ..Importable::named(alias) }
}

/// The remotes of type `sftp` in the text of an `rclone.conf`.
pub fn from_rclone(text: &str) -> Imports {
    let ours = sections(text).into_iter().filter(|section| section.get("type") == Some("sftp"));
    Imports { found: ours.map(Section::into_draft).collect(), left_out: Vec::new() }
}

/// One `[name]` with its lines.
struct Section {
    name: String,
    values: Vec<(String, String)>,
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push(Section { name: name.to_owned(), values: Vec::new() });
        } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with(['#', ';']))
            && let Some(section) = sections.last_mut()
        {
            section.values.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    sections
}

impl Section {
    fn get(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    fn is(&self, key: &str) -> bool {
        self.get(key) == Some("true")
    }

    fn into_draft(self) -> Importable {
        // rclone reads nothing of OpenSSH's configuration, so a host of the same name there must not lead elsewhere.
        let mut settings = Settings::from_iter([("ssh_config", "none"), ("auth", self.auth())]);
        for (theirs, ours) in [
            ("host", "host"),
            ("user", "user"),
            ("port", "port"),
            ("key_file", "key_file"),
            ("known_hosts_file", "known_hosts"),
        ] {
            if let Some(value) = self.get(theirs) {
                settings.set(ours, value);
            }
        }
        for (key, setting, value) in [
            ("disable_hashcheck", "proof", "read-back"),
            ("use_insecure_cipher", "legacy_algorithms", "true"),
            ("set_modtime", "keep_times", "false"),
        ] {
            let plain = if key == "set_modtime" { self.get(key) == Some("false") } else { self.is(key) };
            if plain {
                settings.set(setting, value);
            }
        }
        let mut remarks = self.remarks();
        let mut secrets = waybill_connector::Secrets::new();
        for (theirs, ours) in [("pass", "password"), ("key_file_pass", "passphrase")] {
            let Some(value) = self.get(theirs) else { continue };
            match obscured::revealed(value) {
                Some(secret) => drop(secrets.insert(ours.to_owned(), secret)),
                None => remarks.push(words::IMPORT_NOT_AS_WRITTEN.with(&[("secret", ours)])),
            }
        }
        let ready = !["key_pem", "ssh", "http_proxy", "socks_proxy"].iter().any(|key| self.get(key).is_some());
        Importable { settings, secrets, remarks, ready, ..Importable::named(self.name) }
    }

    /// The first way that rclone would take.
    fn auth(&self) -> &'static str {
        if self.is("key_use_agent") {
            "agent"
        } else if self.get("key_file").is_some() || self.get("key_pem").is_some() {
            "key"
        } else if self.is("ask_password") {
            "interactive"
        } else if self.get("pass").is_some() {
            "password"
        } else {
            "agent"
        }
    }

    fn remarks(&self) -> Vec<Said> {
        let unsupported = [
            ("key_pem", words::IMPORT_KEY_INSIDE),
            ("ssh", words::IMPORT_COMMAND),
            ("http_proxy", words::IMPORT_HTTP_PROXY),
            ("socks_proxy", words::IMPORT_SOCKS_PROXY),
        ];
        let mut remarks: Vec<Said> = unsupported
            .into_iter()
            .filter(|(key, _)| self.get(key).is_some())
            .map(|(_, remark)| remark.said())
            .collect();
        if self.get("known_hosts_file").is_none() {
            remarks.push(words::IMPORT_UNCHECKED_KEY.said());
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use secrecy::ExposeSecret as _;
    use waybill_connector::validate;

    use super::*;

    fn pairs(settings: &Settings) -> Vec<(&str, &str)> {
        settings.iter().collect()
    }

    #[test]
    fn each_named_host_becomes_a_draft_that_validates() {
        let text = "Host *\n  User me\nHost bank shop\n  HostName sftp.example\n  Port 2222\n  IdentityFile ~/.ssh/b\n";
        let drafts = from_ssh_config(text, Path::new("/home/me"), None).found;
        assert_eq!(drafts.iter().map(|draft| draft.name.as_str()).collect::<Vec<_>>(), ["bank", "shop"]);
        assert_eq!(
            pairs(&drafts[0].settings),
            [("auth", "key"), ("host", "bank"), ("key_file", "/home/me/.ssh/b"), ("port", "2222"), ("user", "me")]
        );
        assert_eq!(drafts[0].remarks, []);
        for draft in drafts {
            assert_eq!(validate(&crate::spec(), &draft.settings, &BTreeSet::new()), []);
        }
    }

    #[test]
    fn a_host_of_another_file_leads_to_that_file() {
        let text = "Host bank\n  HostName sftp.example\n";
        let drafts = from_ssh_config(text, Path::new("/home/me"), Some(Path::new("/etc/partners"))).found;
        assert_eq!(pairs(&drafts[0].settings), [("host", "bank"), ("ssh_config", "/etc/partners")]);
        assert!(drafts[0].remarks[0].text.contains("/etc/partners"));
    }

    #[test]
    fn several_identity_files_stay_in_the_file_that_names_them() {
        let text = "Host bank\n  IdentityFile /keys/a\n  IdentityFile /keys/b\n";
        let drafts = from_ssh_config(text, Path::new("/home/me"), None).found;
        assert_eq!(pairs(&drafts[0].settings), [("auth", "key"), ("host", "bank")]);
    }

    #[test]
    fn blocks_that_are_not_read_are_said() {
        let text = "Host bank\n  ProxyCommand nc %h 22\nMatch user me\n  Port 1\n";
        let draft = from_ssh_config(text, Path::new("/home/me"), None).found.remove(0);
        assert_eq!(draft.remarks, [words::IMPORT_PROXY_COMMAND.said(), words::IMPORT_CONDITIONS.said()]);
        assert!(!draft.ready);
    }

    #[test]
    fn a_remote_of_rclone_brings_its_password_for_the_vault_alone() {
        let text = "[s]\ntype = s3\n\n[partner]\ntype = sftp\nhost = sftp.example\nuser = me\n# x = y\n\
                    pass = 2HXNaoJmzTGOru5RZmPV29Y3psNHX_PCpjtlFA\nset_modtime = false\n";
        let drafts = from_rclone(text).found;
        assert_eq!(drafts.len(), 1, "remotes of other types are left out");
        assert_eq!(drafts[0].name, "partner");
        assert_eq!(
            pairs(&drafts[0].settings),
            [
                ("auth", "password"),
                ("host", "sftp.example"),
                ("keep_times", "false"),
                ("ssh_config", "none"),
                ("user", "me")
            ]
        );
        assert_eq!(drafts[0].secrets["password"].expose_secret(), "päss word$1");
        let shown = format!("{drafts:?}");
        assert!(!shown.contains("päss") && !shown.contains("2HXNao"), "{shown}");
        assert_eq!(
            validate(&crate::spec(), &drafts[0].settings, &BTreeSet::from(["password".to_owned()])),
            [],
            "it can be added as it is"
        );
    }

    #[test]
    fn what_does_not_carry_over_from_rclone_is_said() {
        let text = "[partner]\ntype = sftp\nhost = h\nkey_pem = x\npass = in clear\nknown_hosts_file = ~/k\n";
        let draft = from_rclone(text).found.remove(0);
        assert!(draft.secrets.is_empty());
        assert_eq!(draft.settings.get("known_hosts"), Some("~/k"));
        let said = draft.remarks.iter().map(|remark| remark.text.as_str()).collect::<Vec<_>>().join("; ");
        assert!(said.contains("key_file") && said.contains("password") && !said.contains("in clear"), "{said}");
    }

    #[test]
    fn hosts_that_only_their_keys_are_known_of_are_offered_and_not_chosen() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
        let known = format!(
            "# a comment\nsftp.example,192.0.2.7 {key}\n[drop.example]:2222 {key}\nbank {key}\ngate.example {key}\n\
             |1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= {key}\n*.corp {key}\n@revoked bad.example {key}\n"
        );
        let config = "Host bank\n  HostName 192.0.2.9\nHost door\n  HostName gate.example\n";
        let imports = from_known_hosts(&known, config, Path::new("/home/me"));
        let names: Vec<_> = imports.found.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(
            names,
            ["sftp.example", "drop.example"],
            "what the configuration has, patterns and stolen keys are no hosts"
        );
        assert_eq!(pairs(&imports.found[1].settings), [("host", "drop.example"), ("port", "2222")]);
        assert!(imports.found.iter().all(|found| !found.ready));
        assert_eq!(imports.left_out[0].why, words::IMPORT_HASHED.with(&[("count", "1")]), "a hash cannot be read back");
    }
}
