//! Bringing in what people have already: AWS profiles, OpenSSH hosts, rclone remotes. Read as a preview; nothing is added
//! before somebody says so.

use camino::{Utf8Path, Utf8PathBuf};

use crate::{ConnectionDraft, Desk, DeskError, registry};

/// Where connections may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportSource {
    /// Profiles of the AWS tools.
    Aws,
    /// Hosts of OpenSSH.
    Ssh,
    /// Remotes of rclone.
    Rclone,
}

impl ImportSource {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Aws, Self::Ssh, Self::Rclone];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Ssh => "ssh",
            Self::Rclone => "rclone",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }

    /// The files where it is usually kept.
    fn usual_files(self) -> Vec<Utf8PathBuf> {
        let named =
            |variable: &str| std::env::var(variable).ok().filter(|path| !path.is_empty()).map(Utf8PathBuf::from);
        let Some(home) = dirs::home_dir().and_then(|home| Utf8PathBuf::from_path_buf(home).ok()) else {
            return Vec::new();
        };
        match self {
            Self::Aws => vec![
                named("AWS_CONFIG_FILE").unwrap_or_else(|| home.join(".aws/config")),
                named("AWS_SHARED_CREDENTIALS_FILE").unwrap_or_else(|| home.join(".aws/credentials")),
            ],
            Self::Ssh => vec![home.join(".ssh/config")],
            Self::Rclone => vec![named("RCLONE_CONFIG").unwrap_or_else(|| home.join(".config/rclone/rclone.conf"))],
        }
    }
}

/// A connection that was found elsewhere.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Ready to be added.
    pub draft: ConnectionDraft,
    /// What does not carry over, one sentence each.
    pub remarks: Vec<String>,
}

impl Desk {
    /// Reads what could be imported, from `file` or from where it is usually kept.
    pub fn read_import(&self, source: ImportSource, file: Option<&Utf8Path>) -> Result<Vec<Imported>, DeskError> {
        let usual = source.usual_files();
        let files = match file {
            Some(file) => vec![file.to_owned()],
            None => usual.iter().filter(|file| file.is_file()).cloned().collect(),
        };
        if files.is_empty() {
            let usual = usual.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
            return Err(DeskError::Invalid(format!("there is nothing to import from: no {usual}")));
        }
        let mut text = String::new();
        for file in &files {
            text.push_str(&fs_err::read_to_string(file)?);
            text.push('\n');
        }
        let elsewhere = file.map(camino::absolute_utf8).transpose()?.filter(|file| !is_one_of(file, &usual));
        registry::import(source, &text, elsewhere.as_deref())
    }
}

/// Whether a path leads to one of these files, by whatever name.
fn is_one_of(file: &Utf8Path, usual: &[Utf8PathBuf]) -> bool {
    let real = |path: &Utf8Path| fs_err::canonicalize(path).ok();
    real(file).is_some_and(|file| usual.iter().any(|usual| real(usual).as_ref() == Some(&file)))
}
