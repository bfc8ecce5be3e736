//! What a version can be given as: its file, or a picture that is made of it.

use super::asset::{Asset, Measures, Scheme, Version, content_type};
use super::blob::Blob;
use super::picture;

/// Longest side of a preview where nothing else is asked, and of `LowJPG`.
const PREVIEW: u32 = 800;
const LOW: u32 = 1_000;
/// Sizes of previews.
const SIZES: [u32; 4] = [240, 400, 800, 2000];
/// Largest side that is drawn.
const MAX_SIDE: u32 = 10_000;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rendition {
    Original,
    /// A JPEG whose longer side is at most this.
    Preview(u32),
    HighJpg,
    LowJpg,
    Png,
    /// A picture of just these sides.
    Converted {
        png: bool,
        width: u32,
        height: u32,
        dpi: u32,
    },
}

impl Rendition {
    /// The preview of no particular size.
    pub(super) const PREVIEW: Self = Self::Preview(PREVIEW);

    /// A preview of one of the sizes that there are.
    pub(super) fn preview(size: &str) -> Option<Self> {
        size.parse().ok().filter(|size| SIZES.contains(size)).map(Self::Preview)
    }

    /// By the word in the address of a binary.
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "preview" => Self::PREVIEW,
            "HighJPG" => Self::HighJpg,
            "LowJPG" => Self::LowJpg,
            "PNG" => Self::Png,
            _ => return None,
        })
    }

    /// One word for it, in a signed address.
    pub(super) fn word(self) -> String {
        match self {
            Self::Original => "original".to_owned(),
            Self::Preview(size) => format!("preview-{size}"),
            Self::HighJpg => "highjpg".to_owned(),
            Self::LowJpg => "lowjpg".to_owned(),
            Self::Png => "png".to_owned(),
            Self::Converted { png, width, height, dpi } => {
                format!("{}-{width}x{height}-{dpi}", if png { "topng" } else { "tojpg" })
            }
        }
    }

    /// The other way round.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        if let Some(size) = word.strip_prefix("preview-") {
            return size.parse().ok().map(Self::Preview);
        }
        if let Some((kind, rest)) = word.split_once('-') {
            let (sides, dpi) = rest.split_once('-')?;
            let (width, height) = sides.split_once('x')?;
            let number = |text: &str| text.parse::<u32>().ok();
            let (width, height, dpi) = (number(width)?, number(height)?, number(dpi)?);
            return matches!(kind, "topng" | "tojpg").then(|| Self::Converted {
                png: kind == "topng",
                width,
                height,
                dpi,
            });
        }
        Some(match word {
            "original" => Self::Original,
            "highjpg" => Self::HighJpg,
            "lowjpg" => Self::LowJpg,
            "png" => Self::Png,
            _ => return None,
        })
    }

    /// Whether an asset has it.
    pub(super) fn is_there_for(self, scheme: Scheme) -> bool {
        match self {
            Self::Original => true,
            // Inferred: what has neither pages nor pictures has no preview.
            Self::Preview(_) => !matches!(scheme, Scheme::Audio | Scheme::Other),
            Self::HighJpg | Self::LowJpg | Self::Png | Self::Converted { .. } => scheme == Scheme::Image,
        }
    }

    /// The bytes, the media type and the file name.
    // A preview is a picture of the right form in one colour: nothing here reads what is in a file.
    pub(super) fn of(self, asset: &Asset, version: &Version) -> (Blob, &'static str, String) {
        let stem = asset.name.rsplit_once('.').map_or(asset.name.as_str(), |(stem, _)| stem);
        let colour = picture::colour_of(&version.blob.md5);
        let draw = |longest: u32, png: bool| {
            let (width, height) = fitted(&version.measures, longest);
            let file = if png { picture::png(width, height, colour) } else { picture::jpeg(width, height, 72, colour) };
            Blob::of(file)
        };
        match self {
            Self::Original => (version.blob.clone(), content_type(&asset.name), asset.name.clone()),
            Self::Preview(longest) => (draw(longest, false), "image/jpeg", format!("{stem}.jpg")),
            Self::HighJpg => (draw(MAX_SIDE, false), "image/jpeg", format!("{stem}.jpg")),
            Self::LowJpg => (draw(LOW, false), "image/jpeg", format!("{stem}.jpg")),
            Self::Png => (draw(MAX_SIDE, true), "image/png", format!("{stem}.png")),
            Self::Converted { png: true, width, height, .. } => {
                (Blob::of(picture::png(width, height, colour)), "image/png", format!("{stem}.png"))
            }
            Self::Converted { width, height, dpi, .. } => {
                (Blob::of(picture::jpeg(width, height, dpi, colour)), "image/jpeg", format!("{stem}.jpg"))
            }
        }
    }
}

/// Sides as they are, or smaller, so that the longer one is at most `longest`.
pub(super) fn fitted(measures: &Measures, longest: u32) -> (u32, u32) {
    let (width, height) = measures.width.zip(measures.height).unwrap_or((1_200, 900));
    let (width, height) = (width.clamp(1, MAX_SIDE), height.clamp(1, MAX_SIDE));
    let longer = width.max(height);
    if longer <= longest {
        return (width, height);
    }
    let scaled = |side: u32| (side * longest / longer).max(1);
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_one_rendition() {
        let converted = Rendition::Converted { png: true, width: 10, height: 20, dpi: 72 };
        for rendition in [Rendition::Original, Rendition::Preview(240), Rendition::Png, Rendition::LowJpg, converted] {
            assert_eq!(Rendition::of_word(&rendition.word()), Some(rendition));
        }
        assert_eq!(Rendition::of_word("preview-x"), None);
    }

    #[test]
    fn a_preview_keeps_the_form() {
        let measures = Measures { width: Some(4000), height: Some(3000), ..Measures::default() };
        assert_eq!(fitted(&measures, 800), (800, 600));
        assert_eq!(fitted(&measures, 9000), (4000, 3000));
    }
}
