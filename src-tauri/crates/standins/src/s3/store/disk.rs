//! The records on disk: written by a rename, read at the start.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Blobs, Bucket, Index, Part, Upload, Version};
use crate::s3::record::{BucketRecord, NULL_VERSION, PartRecord, UploadRecord, VersionRecord};

/// Version records in one folder.
const FOLDER_SHIFT: u32 = 12;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(in crate::s3) enum OpenError {
    /// The disk refused.
    #[error("the store cannot be read or written: {0}")]
    Disk(#[from] std::io::Error),
    /// Another process has it open.
    #[error("the store in {0} is open in another server")]
    InUse(Utf8PathBuf),
    /// A record cannot be understood.
    #[error("the record {path} is damaged: {source}")]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The folder of a store.
#[derive(Debug)]
pub(super) struct Disk {
    dir: Utf8PathBuf,
    _lock: fs::File,
}

impl Disk {
    fn open(dir: Utf8PathBuf) -> Result<Self, OpenError> {
        for folder in ["buckets", "versions", "uploads", "blobs", "unfinished"] {
            fs::create_dir_all(dir.join(folder))?;
        }
        let lock = fs::File::create(dir.join("lock"))?;
        if lock.file().try_lock().is_err() {
            return Err(OpenError::InUse(dir));
        }
        for left_over in fs::read_dir(dir.join("unfinished"))? {
            fs::remove_file(left_over?.path())?;
        }
        Ok(Self { dir, _lock: lock })
    }

    fn bucket_path(&self, name: &str) -> Utf8PathBuf {
        self.dir.join("buckets").join(format!("{name}.json"))
    }

    fn version_path(&self, seq: u64) -> Utf8PathBuf {
        self.dir.join("versions").join(format!("{:x}", seq >> FOLDER_SHIFT)).join(format!("{seq:016x}.json"))
    }

    fn upload_dir(&self, id: &str) -> Utf8PathBuf {
        self.dir.join("uploads").join(id)
    }

    fn save(&self, path: &Utf8Path, record: &impl Serialize) -> std::io::Result<()> {
        let aside = self.dir.join("unfinished").join(uuid::Uuid::now_v7().simple().to_string());
        fs::write(&aside, serde_json::to_vec(record)?)?;
        match fs::rename(&aside, path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::create_dir_all(path.parent().unwrap_or(&self.dir))?;
                fs::rename(&aside, path)
            }
            done => done,
        }
    }

    pub(super) fn save_bucket(&self, record: &BucketRecord) -> std::io::Result<()> {
        self.save(&self.bucket_path(&record.name), record)
    }

    pub(super) fn remove_bucket(&self, name: &str) -> std::io::Result<()> {
        fs::remove_file(self.bucket_path(name))
    }

    pub(super) fn save_version(&self, record: &VersionRecord) -> std::io::Result<()> {
        self.save(&self.version_path(record.seq), record)
    }

    pub(super) fn remove_version(&self, seq: u64) -> std::io::Result<()> {
        fs::remove_file(self.version_path(seq))
    }

    pub(super) fn save_upload(&self, record: &UploadRecord) -> std::io::Result<()> {
        self.save(&self.upload_dir(&record.id).join("upload.json"), record)
    }

    pub(super) fn save_part(&self, upload: &str, record: &PartRecord) -> std::io::Result<()> {
        self.save(&self.upload_dir(upload).join(format!("{}.json", record.number)), record)
    }

    pub(super) fn remove_upload(&self, id: &str) -> std::io::Result<()> {
        fs::remove_dir_all(self.upload_dir(id))
    }
}

fn read<T: DeserializeOwned>(path: &Utf8Path) -> Result<T, OpenError> {
    let text = fs::read(path)?;
    serde_json::from_slice(&text).map_err(|source| OpenError::Damaged { path: path.to_owned(), source })
}

fn names(dir: &Utf8Path) -> Result<Vec<Utf8PathBuf>, OpenError> {
    let mut found = Vec::new();
    for entry in dir.read_dir_utf8()? {
        found.push(entry?.into_path());
    }
    found.sort();
    Ok(found)
}

/// Reads all records of a store and removes what none of them needs.
pub(super) fn load(dir: Utf8PathBuf) -> Result<(Disk, Blobs, Index), OpenError> {
    let disk = Disk::open(dir)?;
    let blobs = Blobs::new(disk.dir.join("blobs"));
    let mut index = Index::default();
    for path in names(&disk.dir.join("buckets"))? {
        let record: BucketRecord = read(&path)?;
        let bucket = Bucket { record, keys: BTreeMap::new(), uploads: BTreeMap::new() };
        index.buckets.insert(bucket.record.name.clone(), bucket);
    }
    let completed = load_versions(&disk, &blobs, &mut index)?;
    load_uploads(&disk, &blobs, &mut index, &completed)?;
    let mut known = HashSet::new();
    for bucket in index.buckets.values() {
        known.extend(
            bucket.keys.values().flatten().flat_map(|version| &version.blobs).map(|blob| blob.reference().name.clone()),
        );
        known.extend(
            bucket.uploads.values().flat_map(|upload| upload.parts.values()).map(|part| part.record.blob.name.clone()),
        );
    }
    blobs.sweep(|name| known.contains(name))?;
    Ok((disk, blobs, index))
}

/// Answers the ids of the uploads that became versions.
fn load_versions(disk: &Disk, blobs: &Blobs, index: &mut Index) -> Result<HashSet<String>, OpenError> {
    let mut completed = HashSet::new();
    for folder in names(&disk.dir.join("versions"))? {
        for path in names(&folder)? {
            let record: VersionRecord = read(&path)?;
            index.next_seq = index.next_seq.max(record.seq + 1);
            completed.extend(record.upload_id.clone());
            let Some(bucket) = index.buckets.get_mut(&record.bucket) else {
                fs::remove_file(&path)?;
                continue;
            };
            let wanted = record.content.as_ref().map_or(&[][..], |content| &content.blobs);
            let Some(found) = wanted.iter().map(|blob| blobs.find(blob)).collect::<Option<Vec<_>>>() else {
                tracing::warn!(key = record.key, "the bytes of a version are gone, and the version with them");
                fs::remove_file(&path)?;
                continue;
            };
            let versions = bucket.keys.entry(record.key.clone()).or_default();
            // A crash between writing a version and removing the one that it replaces leaves both.
            if record.version_id == NULL_VERSION
                && let Some(replaced) = versions.iter().position(|version| version.record.version_id == NULL_VERSION)
            {
                let replaced = versions.remove(replaced);
                disk.remove_version(replaced.record.seq)?;
            }
            versions.push(Arc::new(Version { record, blobs: found }));
        }
    }
    Ok(completed)
}

fn load_uploads(disk: &Disk, blobs: &Blobs, index: &mut Index, completed: &HashSet<String>) -> Result<(), OpenError> {
    for folder in names(&disk.dir.join("uploads"))? {
        let head = folder.join("upload.json");
        let record: Option<UploadRecord> = if head.exists() { Some(read(&head)?) } else { None };
        let Some(record) = record.filter(|record| !completed.contains(&record.id)) else {
            fs::remove_dir_all(&folder)?;
            continue;
        };
        let Some(bucket) = index.buckets.get_mut(&record.bucket) else {
            fs::remove_dir_all(&folder)?;
            continue;
        };
        let mut parts = BTreeMap::new();
        for path in names(&folder)? {
            if path == head {
                continue;
            }
            let record: PartRecord = read(&path)?;
            match blobs.find(&record.blob) {
                Some(blob) => drop(parts.insert(record.number, Part { record, blob })),
                None => fs::remove_file(&path)?,
            }
        }
        bucket.uploads.insert((record.key.clone(), record.id.clone()), Upload { record, parts });
    }
    Ok(())
}
