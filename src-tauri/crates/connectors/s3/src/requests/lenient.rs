//! Answers on their way to the SDK: bounded, and mended where a server in use spells one differently.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use aws_sdk_s3::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{BeforeDeserializationInterceptorContextMut, BeforeDeserializationInterceptorContextRef},
    },
    error::BoxError,
    primitives::SdkBody,
};
use bytes::Bytes;
use futures::stream;
use http_body::Frame;
use http_body_util::{BodyExt as _, Limited, StreamBody};

/// Longest answer that is read whole: a page of 1,000 keys of 1,024 bytes in percent signs fits in.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Roots that servers in use answer with, and what S3 calls them: `rclone serve s3` and its like when an upload is
/// created, moto when it is asked about versions or parts.
const ODD_ROOTS: [(&str, &str); 3] = [
    ("InitiateMultipartUpload", "InitiateMultipartUploadResult"),
    ("GetBucketVersioningResponse", "VersioningConfiguration"),
    ("ListPartsResponse", "ListPartsResult"),
];

/// Reads one answer. Never for the bytes of a file, which are streamed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    odd: Arc<AtomicBool>,
    server: Arc<Mutex<Option<String>>>,
}

impl Reading {
    /// Whether the answer was not standard and had to be read leniently.
    pub(crate) fn was_odd(&self) -> bool {
        self.odd.load(Ordering::Relaxed)
    }

    /// What the server calls itself.
    pub(crate) fn server(&self) -> Option<String> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Intercept for Reading {
    fn name(&self) -> &'static str {
        "Reading"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let server = context.response().headers().get("server").map(str::to_owned);
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = server;
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = std::mem::replace(context.response_mut().body_mut(), SdkBody::empty());
        *context.response_mut().body_mut() = mended(body, Arc::clone(&self.odd));
        Ok(())
    }
}

fn mended(body: SdkBody, odd: Arc<AtomicBool>) -> SdkBody {
    let whole = async move {
        let bytes = Limited::new(body, MAX_ANSWER_BYTES).collect().await?.to_bytes();
        let bytes = match with_standard_root(&bytes) {
            Some(standard) => {
                odd.store(true, Ordering::Relaxed);
                standard
            }
            None => bytes,
        };
        Ok::<_, BoxError>(Frame::data(bytes))
    };
    SdkBody::from_body_1_x(SyncBody(Mutex::new(Box::pin(StreamBody::new(stream::once(whole))))))
}

/// The SDK wants a body that may be shared between threads; a future is only ever polled through `&mut`.
struct SyncBody<B>(Mutex<std::pin::Pin<Box<B>>>);

impl<B: http_body::Body> http_body::Body for SyncBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.get_mut().0.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_frame(context)
    }
}

/// The answer with S3's own root, where it came with an odd one.
fn with_standard_root(bytes: &Bytes) -> Option<Bytes> {
    let text = std::str::from_utf8(bytes).ok()?;
    ODD_ROOTS.iter().find_map(|(odd, standard)| renamed(text, odd, standard)).map(Bytes::from)
}

fn renamed(text: &str, odd: &str, standard: &str) -> Option<String> {
    let open = text.find(&format!("<{odd}"))?;
    let (before, after) = (&text[..=open], &text[open + 1 + odd.len()..]);
    if !after.starts_with(['>', '/', ' ', '\n', '\r', '\t']) {
        return None;
    }
    match after.rsplit_once(&format!("</{odd}>")) {
        Some((inside, end)) => Some(format!("{before}{standard}{inside}</{standard}>{end}")),
        None => after.contains("/>").then(|| format!("{before}{standard}{after}")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "<?xml version=\"1.0\"?>\n<InitiateMultipartUpload><UploadId>7</UploadId></InitiateMultipartUpload>",
        Some(
            "<?xml version=\"1.0\"?>\n<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>"
        )
    )]
    #[case(
        "<InitiateMultipartUpload xmlns=\"x\"><Key>a</Key></InitiateMultipartUpload>",
        Some("<InitiateMultipartUploadResult xmlns=\"x\"><Key>a</Key></InitiateMultipartUploadResult>")
    )]
    #[case("<GetBucketVersioningResponse xmlns=\"x\"/>", Some("<VersioningConfiguration xmlns=\"x\"/>"))]
    #[case("<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>", None)]
    #[case("<Error><Code>InternalError</Code></Error>", None)]
    #[case("", None)]
    fn only_the_odd_root_is_renamed(#[case] answer: &str, #[case] mended: Option<&str>) {
        let mended = mended.map(|text| Bytes::from(text.to_owned()));
        assert_eq!(with_standard_root(&Bytes::from(answer.to_owned())), mended);
    }

    #[tokio::test]
    async fn an_answer_without_end_is_not_read_to_its_end() {
        let endless = SdkBody::from(vec![b'x'; MAX_ANSWER_BYTES + 1]);
        let read = mended(endless, Arc::default()).collect().await;
        assert!(read.is_err(), "more than {MAX_ANSWER_BYTES} bytes are refused");
    }
}
