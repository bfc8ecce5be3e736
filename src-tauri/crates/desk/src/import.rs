//! Bringing in what people have already: AWS profiles, OpenSSH hosts, rclone remotes. Read as a preview; nothing is added
//! before somebody says so, and then only what the preview showed. Secrets go from the file to a vault and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use waybill_connector::{FieldProblem, LeftOut, Said, Settings, validate};
use waybill_model::{ConnectionId, Millis, Sha256};
use waybill_vault::VaultKind;

use crate::{
    ConnectionDraft, Desk, DeskError,
    connections::{LONGEST_NAME, is_a_name},
    registry, words,
};

/// A configuration is small; a larger file is none.
const MOST_BYTES: u64 = 8 << 20;

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
            Self::Ssh => vec![home.join(".ssh/config"), home.join(".ssh/known_hosts")],
            Self::Rclone => vec![named("RCLONE_CONFIG").unwrap_or_else(|| home.join(".config/rclone/rclone.conf"))],
        }
    }
}

/// A source, and which of its usual files this computer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOffer {
    /// Whose files they are.
    pub source: ImportSource,
    /// Those that are there.
    pub files: Vec<Utf8PathBuf>,
}

/// A connection that was found elsewhere.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Ready to be added.
    pub draft: ConnectionDraft,
    /// What does not carry over, one sentence each.
    pub remarks: Vec<Said>,
    /// Whether it is likely to work as it is.
    pub ready: bool,
}

/// Everything that stands in the files of a source.
#[derive(Debug, Clone)]
pub struct ImportReading {
    /// Which files were read.
    pub files: Vec<Utf8PathBuf>,
    /// Of all bytes that were read: the same digest means the same reading.
    pub digest: Sha256,
    /// In the order of the files.
    pub found: Vec<Imported>,
    /// What can be no connection, and why.
    pub left_out: Vec<LeftOut>,
}

/// What would be added, without a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFound {
    /// What the source calls it.
    pub found_name: String,
    /// What it would be called here: free, and a name that the desk takes.
    pub name: String,
    /// Which connector.
    pub kind: String,
    /// Settings by key.
    pub settings: BTreeMap<String, String>,
    /// The keys of the secrets that come along.
    pub secrets: Vec<String>,
    /// When they end, where the source says so.
    pub secret_expires_at: Option<Millis>,
    /// What does not carry over.
    pub remarks: Vec<Said>,
    /// What has to be mended before it can be added.
    pub problems: Vec<FieldProblem>,
    /// The connection that leads to the same place already.
    pub twin: Option<String>,
    /// Whether it is likely to work as it is.
    pub ready: bool,
}

/// A look at what could be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPreview {
    /// Which files were read.
    pub files: Vec<Utf8PathBuf>,
    /// What has to be handed back with the picks.
    pub digest: Sha256,
    /// In the order of the files; picks name them by their place.
    pub found: Vec<ImportFound>,
    /// What can be no connection, and why.
    pub left_out: Vec<LeftOut>,
    /// Where secrets would go; `None` where somebody has to give a passphrase first.
    pub vault: Option<VaultKind>,
}

/// One thing of a preview that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPick {
    /// Its place in the preview.
    pub index: usize,
    /// What it will be called.
    pub name: String,
}

/// What became of a pick.
#[derive(Debug)]
pub struct ImportOutcome {
    /// Its place in the preview.
    pub index: usize,
    /// What it was to be called.
    pub name: String,
    /// The new connection, or why there is none.
    pub added: Result<ConnectionId, DeskError>,
}

impl Desk {
    /// The files of other tools that this computer has.
    pub fn import_offers(&self) -> Vec<ImportOffer> {
        let there = |source: ImportSource| source.usual_files().into_iter().filter(|file| file.is_file()).collect();
        ImportSource::ALL.into_iter().map(|source| ImportOffer { source, files: there(source) }).collect()
    }

    /// Reads what could be imported, from `file` or from where it is usually kept.
    pub fn read_import(&self, source: ImportSource, file: Option<&Utf8Path>) -> Result<ImportReading, DeskError> {
        let usual = source.usual_files();
        let files: Vec<Utf8PathBuf> = match file {
            Some(file) => vec![file.to_owned()],
            None => usual.iter().filter(|file| file.is_file()).cloned().collect(),
        };
        if files.is_empty() {
            let usual = usual.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Err(DeskError::Import(words::NOTHING_TO_IMPORT.with(&[("files", &usual)])));
        }
        let mut texts = Vec::new();
        for file in &files {
            texts.push((file.clone(), read_text(file)?));
        }
        let digest = Sha256::of(texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\0").as_bytes());
        let elsewhere = file.map(camino::absolute_utf8).transpose()?.filter(|file| !is_one_of(file, &usual));
        let (found, left_out) = registry::import(source, &texts, elsewhere.as_deref())?;
        Ok(ImportReading { files, digest, found, left_out })
    }

    /// What would be added, in words that may be shown: without a secret, with names that are free.
    pub async fn preview_import(
        &self,
        source: ImportSource,
        file: Option<&Utf8Path>,
    ) -> Result<ImportPreview, DeskError> {
        let reading = self.read_import(source, file)?;
        let here = self.connections().await?;
        let mut taken: BTreeSet<String> = here.iter().map(|one| one.name.to_lowercase()).collect();
        let mut found = Vec::new();
        for one in reading.found {
            let name = free_name(&one.draft.name, &taken);
            taken.insert(name.to_lowercase());
            let same = |other: &&crate::ConnectionSummary| {
                other.kind == one.draft.kind
                    && leads_to(&other.kind, &other.settings) == leads_to(&one.draft.kind, &one.draft.settings)
            };
            let twin = here.iter().find(same).map(|other| other.name.clone());
            found.push(ImportFound {
                found_name: one.draft.name.clone(),
                name,
                problems: problems_of(&one.draft),
                kind: one.draft.kind,
                settings: one.draft.settings,
                secrets: one.draft.secrets.into_keys().collect(),
                secret_expires_at: one.draft.secret_expires_at,
                remarks: one.remarks,
                twin,
                ready: one.ready,
            });
        }
        let vault = self.inner.vaults.taking().await;
        Ok(ImportPreview { files: reading.files, digest: reading.digest, found, left_out: reading.left_out, vault })
    }

    /// Adds what was picked of a preview, each for itself. Nothing is added where the files are others than `digest` says.
    pub async fn import_picked(
        &self,
        source: ImportSource,
        file: Option<&Utf8Path>,
        digest: Sha256,
        picks: Vec<ImportPick>,
    ) -> Result<Vec<ImportOutcome>, DeskError> {
        let reading = self.read_import(source, file)?;
        if reading.digest != digest {
            return Err(DeskError::Import(words::IMPORT_CHANGED.said()));
        }
        let mut outcomes = Vec::new();
        for pick in picks {
            let added = match reading.found.get(pick.index) {
                Some(one) => {
                    self.add_connection(ConnectionDraft { name: pick.name.clone(), ..one.draft.clone() }).await
                }
                None => Err(DeskError::Import(words::IMPORT_CHANGED.said())),
            };
            outcomes.push(ImportOutcome { index: pick.index, name: pick.name, added });
        }
        Ok(outcomes)
    }
}

fn read_text(file: &Utf8Path) -> Result<String, DeskError> {
    let bytes = fs_err::metadata(file)?.len();
    if bytes > MOST_BYTES {
        let size = (bytes >> 20).to_string();
        return Err(DeskError::Import(words::IMPORT_TOO_LARGE.with(&[("file", file.as_str()), ("size", &size)])));
    }
    Ok(fs_err::read_to_string(file)?)
}

/// Whether a path leads to one of these files, by whatever name.
fn is_one_of(file: &Utf8Path, usual: &[Utf8PathBuf]) -> bool {
    let real = |path: &Utf8Path| fs_err::canonicalize(path).ok();
    real(file).is_some_and(|file| usual.iter().any(|usual| real(usual).as_ref() == Some(&file)))
}

/// The settings that say where a connection leads.
fn leads_to<'a>(kind: &str, settings: &'a BTreeMap<String, String>) -> Vec<(&'static str, &'a str)> {
    let fields = registry::spec(kind).map(|spec| spec.fields).unwrap_or_default();
    let leading = fields.into_iter().filter(|field| field.leads);
    leading.map(|field| (field.key, settings.get(field.key).map_or("", String::as_str))).collect()
}

fn problems_of(draft: &ConnectionDraft) -> Vec<FieldProblem> {
    let Some(spec) = registry::spec(&draft.kind) else { return Vec::new() };
    let secrets: BTreeSet<String> = draft.secrets.keys().cloned().collect();
    validate(&spec, &draft.settings.iter().collect::<Settings>(), &secrets)
}

/// A name that the desk takes and nobody has, as near to `wanted` as can be. `taken` holds small letters.
fn free_name(wanted: &str, taken: &BTreeSet<String>) -> String {
    let plain: String =
        wanted.trim().chars().map(|c| if matches!(c, ':' | '/' | '\\') || c.is_control() { '-' } else { c }).collect();
    let short = shortened(&plain, LONGEST_NAME);
    let base = if is_a_name(&short) { short } else { "connection".to_owned() };
    let mut name = base.clone();
    let mut number = 2;
    while taken.contains(&name.to_lowercase()) {
        let end = format!("-{number}");
        name = format!("{}{end}", shortened(&base, LONGEST_NAME - end.len()));
        number += 1;
    }
    name
}

/// The text up to so many bytes, without half a letter.
fn shortened(text: &str, bytes: usize) -> String {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].trim().to_owned()
}

#[cfg(test)]
mod tests;
