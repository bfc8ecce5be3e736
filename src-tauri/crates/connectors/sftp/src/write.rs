//! Writing a file in one piece: a temporary name beside the final one, then the rename that the conflict rule needs.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use russh_sftp::protocol::{FileAttributes, OpenFlags};
use waybill_connector::{ByteStream, ConnectorError, Result, Write, WriteOptions};
use waybill_model::{FailureKind, Millis, Receipt, RemotePath};

use crate::{
    connector::SftpConnector,
    errors::Fault,
    names,
    pump::Pump,
    session::{OpenFile, Session},
};

const PLAIN_RENAME: &str =
    "The server cannot replace a file in one step: the earlier file was removed before the new one got its name";

#[async_trait]
impl Write for SftpConnector {
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let target = checked_target("write", path)?;
        let session = self.sessions.get().await?;
        let place = if self.config.temporary { names::temporary(path) } else { path.clone() };
        let flags = if self.config.temporary || !options.replace {
            OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE
        } else {
            OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE
        };
        let mut file = self.create(&session, &place, path, flags, options.replace).await?;
        let mut remarks = Vec::new();
        let done = async {
            self.pour(&mut file, path, body, &options, &mut remarks).await?;
            if self.config.temporary {
                remarks.extend(self.settle("write", &session, place.as_str(), target, path, options.replace).await?);
            }
            Ok(())
        };
        if let Err(error) = done.await {
            file.discard().await;
            return Err(error);
        }
        file.spare();
        Ok(Receipt {
            size: options.size,
            modified: options.modified.filter(|_| self.config.keep_times).map(whole_seconds),
            remarks,
            ..Receipt::default()
        })
    }
}

/// The path of a file that can be written: it can be spelled and has a name.
pub(crate) fn checked_target<'a>(operation: &'static str, path: &'a RemotePath) -> Result<&'a str> {
    let target = names::spelled(operation, path)?;
    let refused = |why: String| Err(ConnectorError::new(FailureKind::Invalid, operation, why).at(path));
    if path.name().is_empty() {
        return refused("a file needs a name".to_owned());
    }
    if path.name().len() > names::MAX_NAME_BYTES {
        let bytes = path.name().len();
        return refused(format!("the name has {bytes} bytes, {} are allowed", names::MAX_NAME_BYTES));
    }
    Ok(target)
}

/// SFTP keeps whole seconds.
pub(crate) fn whole_seconds(time: Millis) -> Millis {
    Millis(time.0.div_euclid(1000) * 1000)
}

pub(crate) fn already_there(operation: &'static str, path: &RemotePath) -> ConnectorError {
    ConnectorError::new(FailureKind::AlreadyExists, operation, "something with that name is already there").at(path)
}

impl SftpConnector {
    /// Creates the file at `place` and the folders above it where they are missing. `path` is what it is for.
    pub(crate) async fn create(
        &self,
        session: &Arc<Session>,
        place: &RemotePath,
        path: &RemotePath,
        flags: OpenFlags,
        replace: bool,
    ) -> Result<OpenFile> {
        let mut opened = session.open_file(place.as_str(), flags, true).await;
        if opened.as_ref().is_err_and(Fault::is_missing)
            && let Some(folder) = path.parent()
        {
            crate::create_folder::make_all(session, &folder, "write").await?;
            opened = session.open_file(place.as_str(), flags, true).await;
        }
        match opened {
            Ok(file) => Ok(file),
            Err(fault) if fault.is_denied() && self.config.temporary => {
                let temporary = "; where the server takes files under their final name only, set temp_name=never";
                let mut error = fault.at("write", path);
                error.message.push_str(temporary);
                Err(error)
            }
            Err(fault) if fault.is_vague() && !self.config.temporary => match session.lstat(path.as_str()).await {
                Ok(Some(found)) if !replace || found.file_type().is_dir() => Err(already_there("write", path)),
                _ => Err(self.explained(session, fault, "write", path).await),
            },
            Err(fault) => Err(self.explained(session, fault, "write", path).await),
        }
    }

    /// The body, exactly as long as announced, and the close.
    async fn pour(
        &self,
        file: &mut OpenFile,
        path: &RemotePath,
        mut body: ByteStream,
        options: &WriteOptions,
        remarks: &mut Vec<String>,
    ) -> Result<()> {
        let session = Arc::clone(file.session());
        let mut pump = Pump::new(file, 0);
        let mut taken = 0_u64;
        loop {
            // A slow source must not keep the server's answers waiting, and an early failure ends the reading.
            let piece = tokio::select! {
                biased;
                landed = pump.landed(), if pump.is_flying() => {
                    if let Err(fault) = landed {
                        return Err(self.explained(&session, fault, "write", path).await);
                    }
                    continue;
                }
                piece = body.next() => piece,
            };
            let Some(piece) = piece else { break };
            let piece = piece?;
            taken += piece.len() as u64;
            if taken > options.size {
                return Err(grown(path, options.size));
            }
            if let Err(fault) = pump.put(piece).await {
                return Err(self.explained(&session, fault, "write", path).await);
            }
        }
        if taken < options.size {
            return Err(shrunk(path, taken, options.size));
        }
        let attributes = self.attributes(options);
        let asked = attributes.is_some();
        let set = pump.finish_and_close(attributes).await;
        file.closed_elsewhere();
        match set {
            Ok(true) => Ok(()),
            Ok(false) => {
                if asked {
                    remarks.push(crate::words::TIMES_NOT_TAKEN.english.to_owned());
                }
                Ok(())
            }
            Err(fault) => Err(self.explained(&session, fault, "write", path).await),
        }
    }

    /// What is kept of the source, where anything is.
    pub(crate) fn attributes(&self, options: &WriteOptions) -> Option<FileAttributes> {
        let seconds = options
            .modified
            .filter(|_| self.config.keep_times)
            .and_then(|time| u32::try_from(time.0.div_euclid(1000)).ok());
        let mode = options.mode.filter(|_| self.config.keep_mode).map(|mode| mode & 0o7777);
        (seconds.is_some() || mode.is_some()).then(|| FileAttributes {
            permissions: mode,
            atime: seconds,
            mtime: seconds,
            ..FileAttributes::empty()
        })
    }

    /// Gives a complete file its name. Answers what a person should know about how that went.
    pub(crate) async fn settle(
        &self,
        operation: &'static str,
        session: &Session,
        from: &str,
        to: &str,
        path: &RemotePath,
        replace: bool,
    ) -> Result<Option<String>> {
        let plain = || session.call(session.raw().rename(from, to));
        if !replace && self.rename_may_overwrite(session) && matches!(session.lstat(to).await, Ok(Some(_))) {
            return Err(already_there(operation, path));
        }
        if replace && session.features.posix_rename {
            match session.posix_rename(from, to).await {
                Ok(()) => return Ok(None),
                Err(fault) if fault.is_unsupported() => {}
                Err(fault) => return Err(self.unsettled(operation, session, fault, path).await),
            }
        }
        let Err(fault) = plain().await else { return Ok(None) };
        let there = if fault.is_vague() { session.lstat(to).await.ok().flatten() } else { None };
        match there {
            Some(found) if replace && !found.file_type().is_dir() => {
                session.call(session.raw().remove(to)).await.map_err(|fault| fault.at(operation, path))?;
                match plain().await {
                    Ok(_) => Ok(Some(PLAIN_RENAME.to_owned())),
                    Err(fault) => Err(self.unsettled(operation, session, fault, path).await),
                }
            }
            Some(_) => Err(already_there(operation, path)),
            None => Err(self.unsettled(operation, session, fault, path).await),
        }
    }

    /// Whether the plain rename is known to overwrite, or not known and the server is unlike OpenSSH. It is asked
    /// first then; a race stays, and the connection says so.
    fn rename_may_overwrite(&self, session: &Session) -> bool {
        match self.known.rename_refuses {
            Some(refuses) => !refuses,
            None => !session.features.posix_rename,
        }
    }

    async fn unsettled(
        &self,
        operation: &'static str,
        session: &Session,
        fault: Fault,
        path: &RemotePath,
    ) -> ConnectorError {
        let advice = if fault.is_denied() || fault.is_unsupported() {
            "the server does not allow the rename from a temporary name; set temp_name=never for this connection"
        } else if fault.is_missing() {
            "the server took the temporary file away before it got its name; set temp_name=never where it takes files \
             as soon as they are closed"
        } else {
            if fault.is_vague()
                && matches!(session.lstat(path.as_str()).await, Ok(Some(found)) if found.file_type().is_dir())
            {
                return already_there(operation, path);
            }
            return self.explained(session, fault, operation, path).await;
        };
        let mut error = fault.at(operation, path);
        advice.clone_into(&mut error.message);
        error.with("setting", "temp_name")
    }

    /// A failure without a reason may be a full disk; the server is asked.
    pub(crate) async fn explained(
        &self,
        session: &Session,
        fault: Fault,
        operation: &'static str,
        path: &RemotePath,
    ) -> ConnectorError {
        let vague = fault.is_vague();
        let error = fault.at(operation, path);
        if vague && error.kind == FailureKind::Vendor && session.features.statvfs {
            let folder = path.parent().unwrap_or_else(RemotePath::root);
            if let Ok(report) = session.call(session.raw().statvfs(folder.as_str())).await
                && (report.blocks_avail == 0 || (report.inodes > 0 && report.inodes_avail == 0))
            {
                return ConnectorError::new(
                    FailureKind::QuotaExceeded,
                    operation,
                    "the server's disk is full; its administrator can make room",
                )
                .at(path);
            }
        }
        error
    }
}

pub(crate) fn shrunk(path: &RemotePath, got: u64, announced: u64) -> ConnectorError {
    let message = format!("the source ended after {got} of {announced} bytes");
    ConnectorError::new(FailureKind::Truncated, "write", message).at(path)
}

pub(crate) fn grown(path: &RemotePath, announced: u64) -> ConnectorError {
    let message = format!("the source has more than the {announced} bytes that it had");
    ConnectorError::new(FailureKind::Changed, "write", message).at(path)
}
