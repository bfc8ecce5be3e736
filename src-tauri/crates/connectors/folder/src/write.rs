//! Writing a file in one piece.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, future::Either};
use tokio::sync::mpsc;
use waybill_connector::{ByteStream, Result, Write, WriteOptions};
use waybill_model::{Receipt, RemotePath};

use crate::{
    connector::{Folder, Place, SMALL, Waiter},
    errors,
    fault::Fault,
    staging::{Staged, is_free_for},
    tree::Names,
};

/// Pieces that wait for the disk.
const AHEAD: usize = 4;

/// What comes next for the disk.
enum Piece {
    Bytes(Bytes),
    End,
}

#[async_trait]
impl Write for Folder {
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        if options.size <= SMALL {
            self.write_small(path, body, options).await
        } else {
            self.write_large(path, body, options).await
        }
    }
}

impl Folder {
    /// Takes the bytes into memory first, so that one blocking task does everything.
    async fn write_small(&self, path: &RemotePath, mut body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let (mut pieces, mut taken) = (Vec::new(), 0);
        while let Some(piece) = body.next().await {
            let piece = piece?;
            taken += piece.len() as u64;
            pieces.push(Piece::Bytes(piece));
            if taken > options.size {
                break;
            }
        }
        let waiter = Waiter::default();
        let gone = waiter.gone();
        let names = Names::of(path).map_err(|fault| errors::error("write", path, fault))?;
        self.blocking("write", path, move |place| {
            let mut pieces = pieces.into_iter();
            store(place, &names, &options, &gone, || Some(pieces.next().unwrap_or(Piece::End)))
        })
        .await
    }

    /// Hands the bytes to the disk as they come.
    async fn write_large(&self, path: &RemotePath, mut body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let names = Names::of(path).map_err(|fault| errors::error("write", path, fault))?;
        let waiter = Waiter::default();
        let gone = waiter.gone();
        let (sender, mut receiver) = mpsc::channel(AHEAD);
        let feed = async move {
            while let Some(piece) = body.next().await {
                // A receiver that is gone has failed, and its error says why.
                if sender.send(Piece::Bytes(piece?)).await.is_err() {
                    return Ok(());
                }
            }
            drop(sender.send(Piece::End).await);
            Ok(())
        };
        let store = self
            .blocking("write", path, move |place| store(place, &names, &options, &gone, || receiver.blocking_recv()));
        futures::pin_mut!(feed, store);
        match futures::future::select(feed, store).await {
            // The disk failed, or the source had more than it announced; nobody waits for the rest of it.
            Either::Right((stored, _)) => stored,
            Either::Left((fed, store)) => {
                let stored = store.await;
                fed.and(stored)
            }
        }
    }
}

/// Writes what `next` gives under a temporary name and gives it its final one. `None` from `next` means that the rest
/// never comes.
fn store(
    place: &Place,
    names: &Names,
    options: &WriteOptions,
    gone: &AtomicBool,
    mut next: impl FnMut() -> Option<Piece>,
) -> std::result::Result<Receipt, Fault> {
    let (above, target) = names.split()?;
    let dir = place.tree.make_folder(&above)?;
    is_free_for(dir.stat(target)?, options.replace)?;
    let staged = Staged::create(&dir, target)?;
    let mut written = 0;
    loop {
        match next() {
            Some(Piece::Bytes(bytes)) => {
                let end = written + bytes.len() as u64;
                if end > options.size {
                    let size = options.size;
                    return Err(Fault::Changed(format!("the source has more than the {size} bytes announced")));
                }
                staged.file.write_at(written, &bytes)?;
                written = end;
            }
            Some(Piece::End) => break,
            None => return Err(Fault::GivenUp),
        }
        if gone.load(Ordering::Acquire) {
            return Err(Fault::GivenUp);
        }
    }
    if written < options.size {
        let size = options.size;
        return Err(Fault::Truncated(format!("the source ended after {written} of {size} bytes")));
    }
    if gone.load(Ordering::Acquire) {
        return Err(Fault::GivenUp);
    }
    staged.publish(place, &above, target, options)
}
