//! Connections that people already have elsewhere: hosts of `~/.ssh/config`, and rclone's remotes of type `sftp`.
//! No secret is taken over: OpenSSH keeps none, and rclone's are only disguised.

use std::path::Path;

use waybill_connector::Settings;

use crate::ssh_config::SshConfig;

/// A connection to be added once a person has looked at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it was called.
    pub name: String,
    /// Its settings, as far as they carry over.
    pub settings: Settings,
    /// What has to be done by hand, one sentence each.
    pub remarks: Vec<String>,
}

/// The hosts that `text`, a file like `~/.ssh/config`, names without wildcards.
///
/// The drafts keep the host's alias, so that later changes of the file count; `home` stands for `~` in it.
pub fn from_ssh_config(text: &str, home: &Path) -> Vec<Draft> {
    let config = SshConfig::parse(text, home);
    let draft = |alias: String| {
        let options = config.options(&alias);
        let mut settings = Settings::from_iter([("host", alias.as_str())]);
        let mut remarks = Vec::new();
        if let Some(user) = &options.user {
            settings.set("user", user);
        }
        if let Some(port) = options.port {
            settings.set("port", port.to_string());
        }
        if let Some(file) = options.identity_files.first() {
            settings.set("auth", "key");
            settings.set("key_file", file.to_string_lossy());
        } else {
            settings.set("auth", "agent");
        }
        if options.proxy_command && options.proxy_jump.is_none() {
            remarks.push("Its ProxyCommand is not run; name the host on the way in the setting jump".to_owned());
        }
        Draft { name: alias, settings, remarks }
    };
    config.named_hosts().into_iter().map(draft).collect()
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

    fn into_draft(self) -> Draft {
        let mut settings = Settings::default();
        let mut remarks = Vec::new();
        let mut say = |text: &str| remarks.push(text.to_owned());
        let same = [
            ("host", "host"),
            ("user", "user"),
            ("port", "port"),
            ("key_file", "key_file"),
            ("known_hosts_file", "known_hosts"),
        ];
        for (theirs, ours) in same {
            if let Some(value) = self.get(theirs) {
                settings.set(ours, value);
            }
        }
        if self.get("key_use_agent") == Some("true") {
            settings.set("auth", "agent");
        } else if self.get("key_file").is_some() {
            settings.set("auth", "key");
        } else if self.get("ask_password") == Some("true") {
            settings.set("auth", "interactive");
        } else {
            settings.set("auth", if self.get("pass").is_some() { "password" } else { "agent" });
        }
        for (key, remark) in [
            ("pass", "rclone's password is not taken over; type it once more"),
            ("key_file_pass", "The passphrase of the key is not taken over; type it once more"),
            ("key_pem", "The key stands in rclone's file itself; save it as a file of its own and name it as key_file"),
            ("ssh", "rclone runs a command of its own to connect; this is not taken over"),
        ] {
            if self.get(key).is_some() {
                say(remark);
            }
        }
        if self.get("known_hosts_file").is_none() {
            say("rclone did not check the host key; it is checked here, and asked for once");
        }
        if self.get("disable_hashcheck") == Some("true") {
            settings.set("proof", "read-back");
        }
        if self.get("use_insecure_cipher") == Some("true") {
            settings.set("legacy_algorithms", "true");
        }
        Draft { name: self.name, settings, remarks }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use waybill_connector::validate;

    use super::*;

    fn pairs(settings: &Settings) -> Vec<(&str, &str)> {
        settings.iter().collect()
    }

    #[test]
    fn each_named_host_becomes_a_draft_that_validates() {
        let text = "Host *\n  User me\nHost bank shop\n  HostName sftp.example\n  Port 2222\n  IdentityFile ~/.ssh/b\n";
        let drafts = from_ssh_config(text, Path::new("/home/me"));
        assert_eq!(drafts.iter().map(|draft| draft.name.as_str()).collect::<Vec<_>>(), ["bank", "shop"]);
        assert_eq!(
            pairs(&drafts[0].settings),
            [("auth", "key"), ("host", "bank"), ("key_file", "/home/me/.ssh/b"), ("port", "2222"), ("user", "me")]
        );
        for draft in drafts {
            assert_eq!(validate(&crate::spec(), &draft.settings, &BTreeSet::new()), []);
        }
    }

    #[test]
    fn rclone_remotes_of_other_types_are_left_out_and_no_secret_is_taken_over() {
        let text = "[s]\ntype = s3\n\n[partner]\ntype = sftp\nhost = sftp.example\nuser = me\npass = dGhpcw\n# x = y\n";
        let drafts = from_rclone(text);
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].name, "partner");
        assert_eq!(pairs(&drafts[0].settings), [("auth", "password"), ("host", "sftp.example"), ("user", "me")]);
        assert!(!format!("{drafts:?}").contains("dGhpcw"));
        assert!(drafts[0].remarks.iter().any(|remark| remark.contains("type it once more")));
    }
}
