//! Reading bytes of exactly one revision.

use async_trait::async_trait;
use aws_sdk_s3::{operation::get_object::GetObjectOutput, primitives::ByteStream as SdkStream};
use futures::stream;
use std::{ops::Range, sync::Arc};
use waybill_connector::{ByteStream, ConnectorError, Read, ReadOptions, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::{Mark, plain_etag},
    connector::S3,
    errors,
    requests::{GetRequest, Requests},
    watch::{Silence, answered},
};

#[async_trait]
impl Read for S3 {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let at = self.file("read", path)?;
        if options.range.as_ref().is_some_and(Range::is_empty) {
            return Ok(Box::pin(stream::empty()));
        }
        let mark = options.stamp.as_ref().and_then(|stamp| stamp.version.as_deref()).map(Mark::parse);
        let (version, etag) = match &mark {
            Some(Mark::Version(id)) => (Some(id.as_str()), None),
            Some(Mark::ETag(etag)) => (None, Some(etag.as_str())),
            None => (None, None),
        };
        let request = GetRequest { at: &at, version, etag, range: options.range.clone() };
        let answer = self.requests.get(&request).await.map_err(|error| error.at(path))?;
        let wanted = check(&answer, etag, &options).map_err(|error| error.at(path))?;
        Ok(pieces(Arc::clone(&self.requests), path.clone(), answer.body, wanted))
    }
}

/// Compares what the answer announces with what was asked for; says how many bytes have to come.
fn check(answer: &GetObjectOutput, etag: Option<&str>, options: &ReadOptions) -> Result<Option<u64>> {
    let changed =
        |what: &str| Err(ConnectorError::new(FailureKind::Changed, "read", format!("the file changed: {what}")));
    if let (Some(wanted), Some(given)) = (etag, answer.e_tag.as_deref()) {
        // Not every server honours the condition.
        if wanted != plain_etag(given) {
            return changed("it is another revision than the one that was looked at");
        }
    }
    let announced = answer.content_length.and_then(|length| u64::try_from(length).ok());
    let size = options.stamp.as_ref().map(|stamp| stamp.size);
    let Some(range) = &options.range else {
        return match (announced, size) {
            (Some(announced), Some(size)) if announced != size => {
                changed(&format!("it has {announced} bytes and had {size}"))
            }
            _ => Ok(announced.or(size)),
        };
    };
    let whole = answer.content_range.is_none();
    if whole && (range.start > 0 || announced.is_none_or(|announced| announced > range.end)) {
        return Err(ConnectorError::unsupported("read", "the server does not read ranges: it answers the whole file"));
    }
    if let (Some(size), Some(text)) = (size, answer.content_range.as_deref()) {
        let total = text.rsplit('/').next().and_then(|total| total.parse::<u64>().ok());
        if let Some(total) = total.filter(|total| *total != size) {
            return changed(&format!("it has {total} bytes and had {size}"));
        }
    }
    Ok(Some(range.end - range.start))
}

struct State {
    requests: Arc<Requests>,
    path: RemotePath,
    body: SdkStream,
    got: u64,
    wanted: Option<u64>,
    ended: bool,
}

/// The body's pieces, and an error where fewer bytes come than have to.
fn pieces(requests: Arc<Requests>, path: RemotePath, body: SdkStream, wanted: Option<u64>) -> ByteStream {
    let state = State { requests, path, body, got: 0, wanted, ended: false };
    Box::pin(stream::unfold(state, |mut state| async move {
        if state.ended {
            return None;
        }
        let place = &state.requests.place;
        let piece = match answered(state.requests.patience().stall, state.body.next()).await {
            Err(Silence { seconds, .. }) => {
                let message = format!("{} sent nothing for {seconds} s", place.host);
                Err(ConnectorError::new(FailureKind::TimedOut, "read", message))
            }
            Ok(None) if state.wanted.is_none_or(|wanted| wanted == state.got) => return None,
            Ok(None) => Err(errors::broken_body(place, state.got, state.wanted)),
            Ok(Some(Err(error))) => Err(errors::broken_body(place, state.got, state.wanted).caused_by(error)),
            Ok(Some(Ok(bytes))) => {
                state.got += bytes.len() as u64;
                if state.wanted.is_some_and(|wanted| state.got > wanted) {
                    let message = format!("{} sends more bytes than it announced", place.host);
                    Err(ConnectorError::new(FailureKind::Vendor, "read", message))
                } else {
                    Ok(bytes)
                }
            }
        };
        state.ended = piece.is_err();
        let piece = piece.map_err(|error| error.at(&state.path));
        Some((piece, state))
    }))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use waybill_model::Stamp;

    use super::*;

    fn answer(length: i64, range: Option<&str>) -> GetObjectOutput {
        GetObjectOutput::builder()
            .content_length(length)
            .set_content_range(range.map(str::to_owned))
            .e_tag("\"now\"")
            .build()
    }

    fn asked(range: Option<Range<u64>>, size: u64) -> ReadOptions {
        ReadOptions { range, stamp: Some(Stamp { size, ..Stamp::default() }) }
    }

    #[rstest]
    #[case(asked(None, 10), answer(10, None), Ok(Some(10)))]
    #[case(asked(None, 10), answer(9, None), Err(FailureKind::Changed))]
    #[case(asked(Some(2..5), 10), answer(3, Some("bytes 2-4/10")), Ok(Some(3)))]
    #[case(asked(Some(2..5), 10), answer(3, Some("bytes 2-4/11")), Err(FailureKind::Changed))]
    #[case(asked(Some(2..5), 10), answer(10, None), Err(FailureKind::Unsupported))]
    #[case(asked(Some(0..10), 10), answer(10, None), Ok(Some(10)))]
    fn the_answer_has_to_be_about_what_was_asked_for(
        #[case] options: ReadOptions,
        #[case] answer: GetObjectOutput,
        #[case] expected: std::result::Result<Option<u64>, FailureKind>,
    ) {
        assert_eq!(check(&answer, None, &options).map_err(|error| error.kind), expected);
    }

    #[test]
    fn another_revision_is_noticed_where_the_server_ignores_the_condition() {
        let error = check(&answer(1, None), Some("before"), &asked(None, 1)).unwrap_err();
        assert_eq!(error.kind, FailureKind::Changed);
    }
}
