//! Pictures that Canto makes of its assets.

use async_trait::async_trait;
use waybill_connector::{Preview, Previews, Result};
use waybill_model::RemotePath;

use crate::{connector::CantoConnector, errors::refused};

/// Longest sides that there are.
const SIZES: [u32; 4] = [240, 400, 800, 2000];
/// Bytes of the largest picture.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The smallest size that is large enough, else the largest.
fn size_for(pixels: u32) -> u32 {
    SIZES.into_iter().find(|size| *size >= pixels).unwrap_or(SIZES[SIZES.len() - 1])
}

#[async_trait]
impl Previews for CantoConnector {
    async fn preview(&self, path: &RemotePath, pixels: u32) -> Result<Option<Preview>> {
        let found = self.file("preview", path).await?;
        let size = size_for(pixels).to_string();
        let url = self.binary(&[&found.item.scheme, &found.item.id, "preview", &size]);
        let answer = match self.bytes_at("preview", &url, None).await? {
            Ok(answer) => answer,
            // There is none, or not yet.
            Err(refusal) if refusal.status == 404 => return Ok(None),
            Err(refusal) => return Err(refused("preview", &refusal).at(path)),
        };
        let answer = answer.no_page("a picture").map_err(|error| error.at(path))?;
        let kind = answer.kind();
        let bytes = answer.bytes(LARGEST).await.map_err(|error| error.at(path))?;
        Ok((!bytes.is_empty()).then_some(Preview { kind, bytes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_size_that_is_large_enough_is_asked_for() {
        assert_eq!([1, 240, 241, 900, 9000].map(size_for), [240, 240, 400, 2000, 2000]);
    }
}
