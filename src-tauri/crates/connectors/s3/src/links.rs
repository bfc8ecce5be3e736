//! Links that work without an account, until their time or the credential's is over.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Links, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::connector::S3;

/// The longest that S3 signs for: seven days.
const LONGEST_SECONDS: u64 = 7 * 24 * 60 * 60;

#[async_trait]
impl Links for S3 {
    async fn link(&self, path: &RemotePath, seconds: u64) -> Result<String> {
        let at = self.file("link", path)?;
        check(seconds, None).map_err(|error| error.at(path))?;
        let (link, credential) = self.requests.presigned(&at, seconds).await.map_err(|error| error.at(path))?;
        check(seconds, credential).map_err(|error| error.at(path))?;
        Ok(link)
    }
}

fn check(seconds: u64, credential: Option<u64>) -> Result<()> {
    let refuse = |limit: u64, why: String| {
        Err(ConnectorError::new(FailureKind::Invalid, "link", why).with("limit", limit.to_string()))
    };
    if seconds == 0 {
        return refuse(LONGEST_SECONDS, "a link has to hold for a second at least".to_owned());
    }
    if let Some(left) = credential.filter(|left| seconds > *left) {
        let limit = left.min(LONGEST_SECONDS);
        return refuse(
            limit,
            format!("the link would outlive the credentials that it is signed with: {limit} s are possible"),
        );
    }
    if seconds > LONGEST_SECONDS {
        return refuse(
            LONGEST_SECONDS,
            format!("S3 signs links for seven days at most: {LONGEST_SECONDS} s are possible"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(604_800, None, None)]
    #[case(604_801, None, Some("604800"))]
    #[case(3600, Some(3600), None)]
    #[case(3601, Some(3600), Some("3600"))]
    #[case(700_000, Some(700_000), Some("604800"))]
    #[case(0, None, Some("604800"))]
    fn a_link_holds_no_longer_than_s3_or_the_credential(
        #[case] seconds: u64,
        #[case] credential: Option<u64>,
        #[case] limit: Option<&str>,
    ) {
        let error = check(seconds, credential).err();
        assert_eq!(error.as_ref().and_then(|error| error.fact("limit")), limit);
    }
}
