//! The clipboard of macOS and Windows. Not tested on either.

use tauri::AppHandle;

use super::Content;

/// Asks for files, then for a picture, then for a text.
#[expect(clippy::unused_async, reason = "the other system waits for whoever offers")]
pub(crate) async fn read(_handle: &AppHandle) -> std::io::Result<Content> {
    let mut clipboard = arboard::Clipboard::new().map_err(std::io::Error::other)?;
    if let Ok(files) = clipboard.get().file_list()
        && !files.is_empty()
    {
        let count = files.len();
        let paths: Vec<String> =
            files.into_iter().filter_map(|file| file.into_os_string().into_string().ok()).collect();
        let elsewhere = u32::try_from(count - paths.len()).unwrap_or(u32::MAX);
        return Ok(Content::Files { paths, elsewhere });
    }
    if let Ok(image) = clipboard.get_image() {
        return png_of(&image).map(Content::Picture).map_err(std::io::Error::other);
    }
    Ok(clipboard.get_text().map_or(Content::Nothing, |text| Content::of_text(&text)))
}

fn png_of(image: &arboard::ImageData<'_>) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut bytes, side(image.width), side(image.height));
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&image.bytes)?;
    Ok(bytes)
}
