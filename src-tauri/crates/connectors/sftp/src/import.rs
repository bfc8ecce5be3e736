//! Connections that people already have elsewhere: hosts of `~/.ssh/config`, and rclone's remotes of type `sftp`.
//! OpenSSH keeps no secrets; rclone's are only disguised, and come along.

mod obscured;

use std::path::Path;

use waybill_connector::{Secrets, Settings};

use crate::ssh_config::SshConfig;

/// A connection to be added once a person has looked at it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it was called.
    pub name: String,
    /// Its settings, as far as they carry over.
    pub settings: Settings,
    /// For the vault alone.
    pub secrets: Secrets,
    /// What has to be done by hand, one sentence each.
    pub remarks: Vec<String>,
}

/// The hosts that `text`, a file like `~/.ssh/config`, names without wildcards; `home` stands for `~` in it.
///
/// The drafts keep the host's alias, so that later changes of the file count. Where `text` is not what stands in
/// `~/.ssh/config`, `file` is where it does, and the drafts lead there.
pub fn from_ssh_config(text: &str, home: &Path, file: Option<&Path>) -> Vec<Draft> {
    let config = SshConfig::parse(text, home);
    config.named_hosts().into_iter().map(|alias| host(&config, alias, file)).collect()
}

fn host(config: &SshConfig, alias: String, file: Option<&Path>) -> Draft {
    let options = config.options(&alias);
    let mut settings = Settings::from_iter([("host", alias.as_str())]);
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
        remarks.push(format!("Its address and the rest are read from {} each time; keep it there", file.display()));
    }
    if options.proxy_command && options.proxy_jump.is_none() {
        remarks.push("Its ProxyCommand is not run; name the host on the way in the setting jump".to_owned());
    }
    if config.has_conditions() {
        remarks.push("What stands in Match blocks of the file is not read; set what this host needs of it".to_owned());
    }
    Draft { name: alias, settings, secrets: Secrets::new(), remarks }
}

/// The remotes of type `sftp` in the text of an `rclone.conf`.
pub fn from_rclone(text: &str) -> Vec<Draft> {
    sections(text).into_iter().filter(|section| section.get("type") == Some("sftp")).map(Section::into_draft).collect()
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

    fn into_draft(self) -> Draft {
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
        let mut secrets = Secrets::new();
        for (theirs, ours) in [("pass", "password"), ("key_file_pass", "passphrase")] {
            let Some(value) = self.get(theirs) else { continue };
            match obscured::revealed(value) {
                Some(secret) => drop(secrets.insert(ours.to_owned(), secret)),
                None => remarks.push(format!("Its {ours} is not as rclone writes it; set it once more")),
            }
        }
        Draft { name: self.name, settings, secrets, remarks }
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

    fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = [
            ("key_pem", "The key stands in rclone's file itself; save it as a file of its own and name it as key_file"),
            ("ssh", "rclone runs a command of its own to connect; this is not taken over"),
            ("http_proxy", "The HTTP proxy on the way is not taken over"),
            ("socks_proxy", "The SOCKS proxy on the way is not taken over"),
        ]
        .into_iter()
        .filter(|(key, _)| self.get(key).is_some())
        .map(|(_, remark)| remark.to_owned())
        .collect();
        if self.get("known_hosts_file").is_none() {
            remarks.push("rclone did not check the host key; it is checked here, and asked for once".to_owned());
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
        let drafts = from_ssh_config(text, Path::new("/home/me"), None);
        assert_eq!(drafts.iter().map(|draft| draft.name.as_str()).collect::<Vec<_>>(), ["bank", "shop"]);
        assert_eq!(
            pairs(&drafts[0].settings),
            [("auth", "key"), ("host", "bank"), ("key_file", "/home/me/.ssh/b"), ("port", "2222"), ("user", "me")]
        );
        assert_eq!(drafts[0].remarks, Vec::<String>::new());
        for draft in drafts {
            assert_eq!(validate(&crate::spec(), &draft.settings, &BTreeSet::new()), []);
        }
    }

    #[test]
    fn a_host_of_another_file_leads_to_that_file() {
        let text = "Host bank\n  HostName sftp.example\n";
        let drafts = from_ssh_config(text, Path::new("/home/me"), Some(Path::new("/etc/partners")));
        assert_eq!(pairs(&drafts[0].settings), [("host", "bank"), ("ssh_config", "/etc/partners")]);
        assert!(drafts[0].remarks[0].contains("/etc/partners"));
    }

    #[test]
    fn several_identity_files_stay_in_the_file_that_names_them() {
        let text = "Host bank\n  IdentityFile /keys/a\n  IdentityFile /keys/b\n";
        let drafts = from_ssh_config(text, Path::new("/home/me"), None);
        assert_eq!(pairs(&drafts[0].settings), [("auth", "key"), ("host", "bank")]);
    }

    #[test]
    fn blocks_that_are_not_read_are_said() {
        let text = "Host bank\n  ProxyCommand nc %h 22\nMatch user me\n  Port 1\n";
        let remarks = from_ssh_config(text, Path::new("/home/me"), None).remove(0).remarks;
        assert!(remarks[0].contains("ProxyCommand") && remarks[1].contains("Match"), "{remarks:?}");
    }

    #[test]
    fn a_remote_of_rclone_brings_its_password_for_the_vault_alone() {
        let text = "[s]\ntype = s3\n\n[partner]\ntype = sftp\nhost = sftp.example\nuser = me\n# x = y\n\
                    pass = 2HXNaoJmzTGOru5RZmPV29Y3psNHX_PCpjtlFA\nset_modtime = false\n";
        let drafts = from_rclone(text);
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
        let draft = from_rclone(text).remove(0);
        assert!(draft.secrets.is_empty());
        assert_eq!(draft.settings.get("known_hosts"), Some("~/k"));
        let said = draft.remarks.join("; ");
        assert!(said.contains("key_file") && said.contains("password") && !said.contains("in clear"), "{said}");
    }
}
