//! Looking at a file without opening it: its first bytes decide what it is, never its name, and no more of it is read than
//! is shown.
//!
//! Nothing here runs, follows or renders anything of the file. Text leaves as text; pictures and PDFs leave as bytes with a
//! media type that was found in them.

mod text;

pub(crate) use text::decoded;

use bytes::{Bytes, BytesMut};
use futures::TryStreamExt as _;
use tokio_util::sync::CancellationToken;
use waybill_connector::{ConnectorError, Read, ReadOptions};
use waybill_model::{FailureKind, Location, Stamp};

use crate::{Desk, DeskError, entry::lacks};

/// What is read to see what a file is.
const HEAD_BYTES: u64 = 256 << 10;
/// So much of a text is shown.
const TEXT_BYTES: u64 = 4 << 20;
/// The largest picture that is shown.
const PICTURE_BYTES: u64 = 48 << 20;
/// The largest drawing (SVG) that is shown.
const DRAWING_BYTES: u64 = 4 << 20;
/// The largest PDF that is shown.
const PDF_BYTES: u64 = 96 << 20;
/// The most points of a picture: a small file may unfold to more than this computer has.
const PICTURE_POINTS: u64 = 80_000_000;

/// So wide or high is the picture that a remote is asked for.
const DRAWN_POINTS: u32 = 1_200;

/// How a text is best shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// As it stands.
    Plain,
    /// Rows and columns.
    Table,
    /// Markdown.
    Markdown,
    /// A web page: shown as its source.
    Page,
}

/// A text to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPreview {
    /// Its characters.
    pub text: String,
    /// The encoding that it was read in.
    pub encoding: &'static str,
    /// Whether the encoding is a guess and nothing in the file says it.
    pub guessed: bool,
    /// How it is best shown.
    pub form: TextForm,
    /// Bytes that were read; fewer than the file has where it goes on.
    pub read: u64,
}

/// What there is to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// A text.
    Text(TextPreview),
    /// A picture.
    Picture {
        /// The media type that its bytes have.
        media_type: &'static str,
        /// All of it.
        bytes: Bytes,
    },
    /// A picture that the remote made of what is not drawn here.
    Drawn {
        /// The media type that its bytes have.
        media_type: &'static str,
        /// All of it.
        bytes: Bytes,
    },
    /// A PDF.
    Pdf {
        /// All of it.
        bytes: Bytes,
    },
    /// Nothing, and why.
    Nothing(NoPreview),
}

/// Why there is nothing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPreview {
    /// It has no bytes.
    Empty,
    /// Its bytes are of no kind that is shown here.
    Binary,
    /// It is larger than what is shown of its kind.
    TooLarge {
        /// So many bytes would be.
        limit: u64,
    },
    /// A picture that unfolds to more points than are drawn here.
    TooManyPoints {
        /// So many would be.
        limit: u64,
    },
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pdf,
    Picture(&'static str),
    Drawing,
    Text,
    Binary,
}

impl Desk {
    /// Reads of a file what can be looked at. The file has to be what was seen, by its stamp; an earlier version is named by
    /// its id there. Ends early where `moved_on`.
    pub async fn preview(
        &self,
        place: &Location,
        seen: &Stamp,
        moved_on: &CancellationToken,
    ) -> Result<Preview, DeskError> {
        tokio::select! {
            biased;
            () = moved_on.cancelled() => {
                let message = "something else was chosen meanwhile";
                Err(ConnectorError::new(FailureKind::Locked, "read", message).at(&place.path).into())
            }
            looked = self.look_or_ask(place, seen) => looked,
        }
    }

    /// What cannot be drawn here is shown as the remote draws it, where it does.
    async fn look_or_ask(&self, place: &Location, seen: &Stamp) -> Result<Preview, DeskError> {
        let found = self.look_into(place, seen).await?;
        if !matches!(found, Preview::Nothing(why) if why != NoPreview::Empty) {
            return Ok(found);
        }
        Ok(self.drawn_there(place, seen).await.unwrap_or(found))
    }

    /// The picture that the remote made of the file as it is now; none where it made none, where it cannot be had, or where
    /// what was seen is an earlier version, of which no remote has one.
    async fn drawn_there(&self, place: &Location, seen: &Stamp) -> Option<Preview> {
        let open = self.opened(place.connection).await.ok()?;
        let previews = open.connector.previews()?;
        let now = open.connector.list()?.stat(&place.path).await.ok()??;
        if (&now.version, now.size) != (&seen.version, seen.size) {
            return None;
        }
        let picture = match previews.preview(&place.path, DRAWN_POINTS).await {
            Ok(picture) => picture?,
            // It is one more than the file itself, which was read.
            Err(error) => {
                tracing::debug!(%error, "the remote gave no picture of a file");
                return None;
            }
        };
        match kind_of(&picture.bytes, picture.bytes.len() as u64) {
            Kind::Picture(media_type) if points_of(&picture.bytes).is_none_or(|points| points <= PICTURE_POINTS) => {
                Some(Preview::Drawn { media_type, bytes: picture.bytes })
            }
            _ => None,
        }
    }

    async fn look_into(&self, place: &Location, seen: &Stamp) -> Result<Preview, DeskError> {
        if seen.size == 0 {
            return Ok(Preview::Nothing(NoPreview::Empty));
        }
        let open = self.opened(place.connection).await?;
        let Some(read) = open.connector.read() else {
            return Err(lacks(&open, "read", "cannot be read"));
        };
        let head = self.heard(place, first(read, place, seen, HEAD_BYTES).await).await?;
        let whole_up_to = |limit: u64| async move {
            if seen.size > limit {
                return Ok(None);
            }
            self.heard(place, first(read, place, seen, limit).await).await.map(Some)
        };
        let too_large = |limit| Preview::Nothing(NoPreview::TooLarge { limit });
        Ok(match kind_of(&head, seen.size) {
            Kind::Pdf => whole_up_to(PDF_BYTES).await?.map_or(too_large(PDF_BYTES), |bytes| Preview::Pdf { bytes }),
            Kind::Drawing => whole_up_to(DRAWING_BYTES)
                .await?
                .map_or(too_large(DRAWING_BYTES), |bytes| Preview::Picture { media_type: "image/svg+xml", bytes }),
            Kind::Picture(media_type) => match points_of(&head) {
                Some(points) if points > PICTURE_POINTS => {
                    Preview::Nothing(NoPreview::TooManyPoints { limit: PICTURE_POINTS })
                }
                _ => whole_up_to(PICTURE_BYTES)
                    .await?
                    .map_or(too_large(PICTURE_BYTES), |bytes| Preview::Picture { media_type, bytes }),
            },
            Kind::Text => {
                let bytes = self.heard(place, first(read, place, seen, TEXT_BYTES).await).await?;
                match text::read(&bytes, seen.size, place.path.name()) {
                    Some(text) => Preview::Text(text),
                    None => Preview::Nothing(NoPreview::Binary),
                }
            }
            Kind::Binary => Preview::Nothing(NoPreview::Binary),
        })
    }
}

/// The first bytes of a file that is as it was seen, `limit` at most.
async fn first(read: &dyn Read, place: &Location, seen: &Stamp, limit: u64) -> Result<Bytes, ConnectorError> {
    let wanted = seen.size.min(limit);
    let range = (wanted < seen.size).then_some(0..wanted);
    let mut body = read.read(&place.path, ReadOptions { range, stamp: Some(seen.clone()) }).await?;
    let mut bytes = BytesMut::with_capacity(usize::try_from(wanted).unwrap_or_default().min(1 << 20));
    while let Some(piece) = body.try_next().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() as u64 > wanted {
            let message = "more bytes came than the file had when it was looked at";
            return Err(ConnectorError::new(FailureKind::Changed, "read", message).at(&place.path));
        }
    }
    Ok(bytes.freeze())
}

/// What the first bytes of a file of `size` bytes are.
fn kind_of(head: &[u8], size: u64) -> Kind {
    let begins = |mark: &[u8]| head.starts_with(mark);
    // Readers look for the mark in the first kilobyte.
    let start = &head[..head.len().min(1024)];
    if start.windows(5).any(|window| window == b"%PDF-") {
        return Kind::Pdf;
    }
    if begins(b"\x89PNG\r\n\x1a\n") {
        return Kind::Picture("image/png");
    }
    if begins(b"\xff\xd8\xff") {
        return Kind::Picture("image/jpeg");
    }
    if begins(b"GIF87a") || begins(b"GIF89a") {
        return Kind::Picture("image/gif");
    }
    if begins(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Kind::Picture("image/webp");
    }
    if begins(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        return Kind::Picture("image/bmp");
    }
    if !text::looks_like_text(head, size) {
        return Kind::Binary;
    }
    let start = String::from_utf8_lossy(start);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let is_xml = start.starts_with("<?xml") || start.starts_with("<!--") || start.starts_with("<!DOCTYPE svg");
    if start.starts_with("<svg") || is_xml && start.contains("<svg") { Kind::Drawing } else { Kind::Text }
}

/// The points of a picture, where its head tells.
fn points_of(head: &[u8]) -> Option<u64> {
    let size = imagesize::blob_size(head).ok()?;
    Some((size.width as u64).saturating_mul(size.height as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_a_file_is_whatever_it_is_called() {
        let kind = |bytes: &[u8]| kind_of(bytes, bytes.len() as u64);
        assert_eq!(kind(b"%PDF-1.7\n"), Kind::Pdf);
        assert_eq!(kind(b"\n junk before %PDF-1.4"), Kind::Pdf);
        assert_eq!(kind(b"\x89PNG\r\n\x1a\nrest"), Kind::Picture("image/png"));
        assert_eq!(kind(b"<?xml version=\"1.0\"?><svg/>"), Kind::Drawing);
        assert_eq!(kind(b"<!doctype html><script>1</script><svg/>"), Kind::Text, "a page is no drawing");
        assert_eq!(kind(b"PK\x03\x04\0\0\0\0\0\0\0\0\xff\xfe\0\0"), Kind::Binary);
        assert_eq!(kind(b"name,size\na,1\n"), Kind::Text);
    }

    #[test]
    fn a_picture_that_unfolds_without_end_is_known_by_its_head() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(60_000_u32.to_be_bytes());
        png.extend(60_000_u32.to_be_bytes());
        png.extend([8, 2, 0, 0, 0]);
        assert_eq!(points_of(&png), Some(3_600_000_000));
    }
}
