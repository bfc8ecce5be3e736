//! What the demo is made of: one S3 and one SFTP server in a folder, how to reach them, and documents to send.
//!
//! Plain data only: whoever runs a desk adds the connections to it.

use camino::{Utf8Path, Utf8PathBuf};
use include_dir::{Dir, DirEntry, include_dir};

use crate::{
    s3::{self, S3Standin},
    sftp::{self, SftpStandin},
};

/// Documents made for the demo and the tests.
static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/samples");

/// The bucket of the S3 server: it keeps versions and can lock them.
pub const BUCKET: &str = "waybill-demo";
/// The password of the SFTP server; it opens nothing else.
const PASSWORD: &str = "waybill-demo-opens-nothing-but-it";

/// The running servers of a demo. They stop when it is dropped.
#[derive(Debug)]
pub struct Demo {
    /// Speaks S3.
    pub s3: S3Standin,
    /// Speaks SFTP.
    pub sftp: SftpStandin,
}

/// A connection to one of them.
#[derive(Clone, PartialEq, Eq)]
pub struct DemoConnection {
    /// What it is called in the demo.
    pub name: &'static str,
    /// Which connector.
    pub kind: &'static str,
    /// Settings by key.
    pub settings: Vec<(&'static str, String)>,
    /// Secrets by key.
    pub secrets: Vec<(&'static str, String)>,
}

impl std::fmt::Debug for DemoConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoConnection")
            .field("name", &self.name)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Demo {
    /// Starts both on loopback. With `folder` they keep what they were given there and have it again the next time;
    /// else it is gone with them. `port_base` fixes their ports: S3 takes it, SFTP the one after; any free ones where 0.
    pub async fn start(folder: Option<&Utf8Path>, port_base: u16) -> std::io::Result<Self> {
        let port = |after: u16| if port_base == 0 { 0 } else { port_base.saturating_add(after) };
        let s3 = S3Standin::start(s3::Options {
            port: port(0),
            dir: folder.map(|folder| folder.join("s3")),
            buckets: vec![s3::BucketOptions::locked(BUCKET)],
            ..s3::Options::default()
        })
        .await
        .map_err(std::io::Error::other)?;
        let sftp = SftpStandin::start(sftp::Options {
            port: port(1),
            dir: folder.map(|folder| folder.join("sftp")),
            password: PASSWORD.to_owned(),
            ..sftp::Options::default()
        })
        .await?;
        Ok(Self { s3, sftp })
    }

    /// How to reach them, as settings of connections. The host key is pinned: there is nothing to ask.
    pub fn connections(&self) -> Vec<DemoConnection> {
        vec![
            DemoConnection {
                name: "demo-s3",
                kind: "s3",
                settings: vec![
                    ("endpoint", self.s3.endpoint()),
                    ("region", self.s3.region().to_owned()),
                    ("bucket", BUCKET.to_owned()),
                    ("path_style", "true".to_owned()),
                    ("access_key_id", self.s3.access_key_id().to_owned()),
                ],
                secrets: vec![("secret_access_key", self.s3.secret_access_key().to_owned())],
            },
            DemoConnection {
                name: "demo-sftp",
                kind: "sftp",
                settings: vec![
                    ("host", self.sftp.host().to_owned()),
                    ("port", self.sftp.port().to_string()),
                    ("user", self.sftp.user().to_owned()),
                    ("auth", "password".to_owned()),
                    ("host_key", self.sftp.fingerprint()),
                ],
                secrets: vec![("password", self.sftp.password().to_owned())],
            },
        ]
    }

    /// Ends both and waits for what they are answering.
    pub async fn stop(self) {
        self.s3.stop().await;
        self.sftp.stop().await;
    }
}

/// Puts the sample documents into `folder`, unless they are there. Answers their top entries.
pub fn write_samples(folder: &Utf8Path) -> std::io::Result<Vec<Utf8PathBuf>> {
    write_dir(&SAMPLES, folder)?;
    let names = SAMPLES.entries().iter().filter_map(|entry| entry.path().file_name()?.to_str());
    let mut tops: Vec<Utf8PathBuf> = names.map(|name| folder.join(name)).collect();
    tops.sort();
    Ok(tops)
}

fn write_dir(dir: &Dir<'_>, folder: &Utf8Path) -> std::io::Result<()> {
    fs_err::create_dir_all(folder)?;
    for entry in dir.entries() {
        let Some(name) = entry.path().file_name().and_then(|name| name.to_str()) else { continue };
        let path = folder.join(name);
        match entry {
            DirEntry::Dir(inner) => write_dir(inner, &path)?,
            DirEntry::File(file) if !path.exists() => fs_err::write(&path, file.contents())?,
            DirEntry::File(_) => {}
        }
    }
    Ok(())
}
