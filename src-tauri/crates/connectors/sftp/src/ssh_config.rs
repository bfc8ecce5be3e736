//! `~/.ssh/config`: the options of a host that this connector can use. The first value that is found wins, as in
//! OpenSSH. `Match` blocks other than `Match all` are passed over, because most of them run commands.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::host_keys::matches_glob;

const MAX_INCLUDES: usize = 16;

/// What the file says of one host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct HostOptions {
    pub(crate) host_name: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) user: Option<String>,
    pub(crate) identity_files: Vec<PathBuf>,
    pub(crate) identity_agent: Option<String>,
    pub(crate) proxy_jump: Option<String>,
    pub(crate) known_hosts: Vec<PathBuf>,
    pub(crate) host_key_alias: Option<String>,
    /// A `ProxyCommand` stands there; it is not run.
    pub(crate) proxy_command: bool,
}

/// One `Host` or `Match` block.
#[derive(Debug, Clone, Default)]
struct Block {
    /// Patterns of the `Host` line; `None` where it never applies.
    patterns: Option<Vec<String>>,
    lines: Vec<(String, String)>,
}

/// A configuration file, read once.
#[derive(Debug, Clone, Default)]
pub(crate) struct SshConfig {
    blocks: Vec<Block>,
    home: PathBuf,
    has_conditions: bool,
}

impl SshConfig {
    /// The file at `path`.
    pub(crate) fn load(path: &Path, home: &Path) -> io::Result<Self> {
        Ok(Self::parse(&fs_err::read_to_string(path)?, home))
    }

    /// The configuration in `text`; `home` stands for `~`.
    pub(crate) fn parse(text: &str, home: &Path) -> Self {
        let mut config = Self { blocks: vec![applying_to_all()], home: home.to_owned(), has_conditions: false };
        config.read(text, 0);
        config
    }

    fn read(&mut self, text: &str, depth: usize) {
        for line in text.lines() {
            let Some((keyword, rest)) = split_line(line) else { continue };
            match keyword.as_str() {
                "host" => self.blocks.push(Block { patterns: Some(words(&rest)), lines: Vec::new() }),
                "match" => {
                    let always = rest.trim().eq_ignore_ascii_case("all");
                    self.has_conditions |= !always;
                    self.blocks.push(if always { applying_to_all() } else { Block::default() });
                }
                "include" if depth < MAX_INCLUDES => self.include(&rest, depth),
                _ => {
                    if let Some(block) = self.blocks.last_mut() {
                        block.lines.push((keyword, rest));
                    }
                }
            }
        }
    }

    /// An include inside a block holds for that block only.
    fn include(&mut self, rest: &str, depth: usize) {
        let outer = self.blocks.last().map(|block| block.patterns.clone());
        for pattern in words(rest) {
            let mut path = expand_home(&pattern, &self.home);
            if path.is_relative() {
                path = self.home.join(".ssh").join(path);
            }
            for file in globbed(&path) {
                let text = fs_err::read_to_string(&file).unwrap_or_default();
                let applies = outer.clone().flatten().is_some_and(|patterns| patterns == ["*"]);
                if applies {
                    self.read(&text, depth + 1);
                } else {
                    // Blocks of the file cannot apply beyond the block that includes it; its plain lines can.
                    let plain = text.lines().take_while(|line| {
                        split_line(line).is_none_or(|(keyword, _)| !matches!(keyword.as_str(), "host" | "match"))
                    });
                    self.read(&plain.collect::<Vec<_>>().join("\n"), depth + 1);
                }
                self.blocks.push(Block { patterns: outer.clone().flatten(), lines: Vec::new() });
            }
        }
    }

    /// The options of `host` as somebody types it.
    pub(crate) fn options(&self, host: &str) -> HostOptions {
        let mut options = HostOptions::default();
        for block in self.blocks.iter().filter(|block| block.applies_to(host)) {
            for (keyword, value) in &block.lines {
                self.take(&mut options, keyword, value);
            }
        }
        options.host_name = options.host_name.map(|name| name.replace("%h", host).replace("%%", "%"));
        options
    }

    fn take(&self, options: &mut HostOptions, keyword: &str, value: &str) {
        let one = || words(value).into_iter().next().filter(|word| !word.is_empty());
        let path = |word: &str| expand_home(word, &self.home);
        match keyword {
            "hostname" => options.host_name = options.host_name.take().or_else(one),
            "port" => options.port = options.port.or_else(|| one()?.parse().ok()),
            "user" => options.user = options.user.take().or_else(one),
            "identityfile" => {
                options.identity_files.extend(one().filter(|word| word != "none").map(|word| path(&word)));
            }
            "identityagent" => options.identity_agent = options.identity_agent.take().or_else(one),
            "proxyjump" => options.proxy_jump = options.proxy_jump.take().or_else(one),
            "userknownhostsfile" if options.known_hosts.is_empty() => {
                options.known_hosts =
                    words(value).iter().filter(|word| *word != "none").map(|word| path(word)).collect();
            }
            "hostkeyalias" => options.host_key_alias = options.host_key_alias.take().or_else(one),
            "proxycommand" => options.proxy_command |= one().is_some_and(|word| word != "none"),
            _ => {}
        }
    }

    /// Whether there are `Match` blocks that were passed over.
    pub(crate) fn has_conditions(&self) -> bool {
        self.has_conditions
    }

    /// The hosts that somebody can mean by name: no wildcards.
    pub(crate) fn named_hosts(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for pattern in self.blocks.iter().filter_map(|block| block.patterns.as_ref()).flatten() {
            if !pattern.contains(['*', '?', '!']) && !names.contains(pattern) {
                names.push(pattern.clone());
            }
        }
        names
    }
}

impl Block {
    fn applies_to(&self, host: &str) -> bool {
        let Some(patterns) = &self.patterns else { return false };
        let matches = |pattern: &str| matches_glob(host.as_bytes(), pattern.as_bytes());
        let refused = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!')).any(matches);
        !refused && patterns.iter().any(|pattern| matches(pattern))
    }
}

fn applying_to_all() -> Block {
    Block { patterns: Some(vec!["*".to_owned()]), lines: Vec::new() }
}

/// The keyword in small letters and what follows it; `None` for an empty line or a comment.
fn split_line(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let end = line.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(line.len());
    let (keyword, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start();
    Some((keyword.to_ascii_lowercase(), rest.to_owned()))
}

/// Words by white space, with `"…"` around those that hold some; a `#` begins a comment.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// `~` and `%d` as the home folder.
pub(crate) fn expand_home(path: &str, home: &Path) -> PathBuf {
    if path == "~" {
        return home.to_owned();
    }
    let path = path.replace("%d", &home.to_string_lossy());
    match path.strip_prefix("~/") {
        Some(below) => home.join(below),
        None => PathBuf::from(path),
    }
}

/// Files of one folder whose names match; a pattern in a folder's name is not followed.
fn globbed(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    if !name.contains(['*', '?']) {
        return vec![path.to_owned()];
    }
    let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter(|entry| matches_glob(entry.file_name().as_encoded_bytes(), name.as_bytes()))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
# everybody
Host *.example !old.example
    User partner
    IdentityFile ~/.ssh/id_partner

Host bank
    HostName=sftp.%h.example
    Port 2222
    ProxyJump \"jump@gate:2200,second\"
    UserKnownHostsFile ~/.ssh/bank_hosts /etc/ssh/hosts
Match exec \"true\"
    User nobody
Match all
    User fallback
    IdentityFile \"/keys/with space\" # the old one
";

    #[test]
    fn the_first_value_wins_and_identity_files_add_up() {
        let config = SshConfig::parse(TEXT, Path::new("/home/me"));
        let options = config.options("a.example");
        assert_eq!(options.user.as_deref(), Some("partner"));
        assert_eq!(
            options.identity_files,
            [PathBuf::from("/home/me/.ssh/id_partner"), PathBuf::from("/keys/with space")]
        );
        assert_eq!(config.options("old.example").user.as_deref(), Some("fallback"), "a negated host is left out");
    }

    #[test]
    fn an_alias_gets_its_address_port_jump_and_file() {
        let options = SshConfig::parse(TEXT, Path::new("/home/me")).options("bank");
        assert_eq!(options.host_name.as_deref(), Some("sftp.bank.example"));
        assert_eq!(options.port, Some(2222));
        assert_eq!(options.proxy_jump.as_deref(), Some("jump@gate:2200,second"));
        assert_eq!(options.known_hosts, [PathBuf::from("/home/me/.ssh/bank_hosts"), PathBuf::from("/etc/ssh/hosts")]);
        assert_eq!(options.user.as_deref(), Some("fallback"), "a block that runs a command is passed over");
    }

    #[test]
    fn included_files_are_read_where_they_stand() {
        let home = tempfile::tempdir().unwrap();
        let ssh = home.path().join(".ssh");
        fs_err::create_dir_all(ssh.join("conf.d")).unwrap();
        fs_err::write(ssh.join("conf.d/a.conf"), "Host one\n  Port 1\n").unwrap();
        fs_err::write(ssh.join("conf.d/b.conf"), "Host two\n  Port 2\n").unwrap();
        fs_err::write(ssh.join("plain"), "User included\n").unwrap();
        let text = "Include conf.d/*.conf\nUser everybody\nHost three\n  Include plain\n  Port 3\n";
        let config = SshConfig::parse(text, home.path());
        assert_eq!((config.options("one").port, config.options("two").port), (Some(1), Some(2)));
        assert_eq!(config.options("one").user.as_deref(), Some("everybody"));
        assert_eq!(config.options("three").port, Some(3));
        assert_eq!(config.named_hosts(), ["one", "two", "three"]);
    }
}
