//! The settings of an S3 connection: the form, and what it means.

use std::path::PathBuf;

use aws_sdk_s3::types::{ServerSideEncryption, StorageClass};
use secrecy::SecretString;
use waybill_connector::{Choice, ConnectorError, ConnectorSpec, FieldKind, FieldSpec, Network, OpenContext, Result};
use waybill_model::FailureKind;

/// Longest key that S3 takes, in bytes of UTF-8.
pub(crate) const MAX_KEY_BYTES: usize = 1024;

/// Where to sign and where no region is named anywhere.
const FALLBACK_REGION: &str = "us-east-1";

/// The form, in its order.
pub fn spec() -> ConnectorSpec {
    let mut fields = address_fields();
    fields.extend(signer_fields());
    fields.extend(storage_fields());
    let summary = "A bucket on Amazon S3 or on a server that speaks its API";
    ConnectorSpec { kind: "s3", title: "Amazon S3", summary, fields, phrases: crate::words::ALL }
}

fn advanced(field: FieldSpec) -> FieldSpec {
    FieldSpec { advanced: true, ..field }
}

fn address_fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text(
            "bucket",
            "Bucket",
            "The bucket's name, as `invoices-2026`; empty: the account's buckets are the folders at the top",
        )
        .leading(),
        FieldSpec::text(
            "prefix",
            "Folder in the bucket",
            "Only what lies below it is shown, as `team/in`; only together with a bucket",
        )
        .leading(),
        FieldSpec::text(
            "endpoint",
            "Endpoint",
            "The server's address, as `https://s3.example.com`; empty for Amazon S3 itself",
        )
        .leading(),
        FieldSpec::text(
            "region",
            "Region",
            "As `eu-central-1`; other servers have their own, as `garage`; empty: the profile's, else `us-east-1`",
        ),
    ]
}

fn signer_fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text(
            "access_key_id",
            "Access key ID",
            "Empty to take the credentials of a profile, of the environment or of this machine",
        ),
        FieldSpec::secret("secret_access_key", "Secret access key", "Belongs to the access key ID"),
        advanced(FieldSpec::secret("session_token", "Session token", "Only for temporary credentials")),
        FieldSpec::text(
            "profile",
            "AWS profile",
            "A profile of `~/.aws/config`: keys, single sign-on, a role or a credential process",
        ),
        advanced(FieldSpec {
            kind: FieldKind::File,
            ..FieldSpec::text(
                "aws_config",
                "AWS configuration",
                "File with the profile; `~/.aws/config` and `~/.aws/credentials` where left empty",
            )
        }),
    ]
}

fn storage_fields() -> Vec<FieldSpec> {
    vec![
        advanced(FieldSpec {
            kind: FieldKind::Flag,
            ..FieldSpec::text(
                "path_style",
                "Bucket in the path",
                "`true` for `host/bucket`, `false` for `bucket.host`; empty: the path wherever an endpoint is given",
            )
        }),
        advanced(FieldSpec {
            kind: FieldKind::Choice {
                choices: vec![
                    Choice { value: "AES256", label: "Keys of the server (SSE-S3)" },
                    Choice { value: "aws:kms", label: "A KMS key (SSE-KMS)" },
                    Choice { value: "aws:kms:dsse", label: "A KMS key, two layers (DSSE-KMS)" },
                ],
            },
            ..FieldSpec::text("sse", "Encryption at rest", "Empty: as the bucket is set up")
        }),
        advanced(FieldSpec {
            shown_if: Some(("sse", &["aws:kms", "aws:kms:dsse"])),
            ..FieldSpec::text("kms_key_id", "KMS key", "Its id, ARN or alias; empty: the account's own key for S3")
        }),
        advanced(FieldSpec::text(
            "storage_class",
            "Storage class",
            "For new files, as `STANDARD_IA`; empty: the bucket's default",
        )),
        advanced(FieldSpec {
            kind: FieldKind::Number { min: 1, max: 64 },
            ..FieldSpec::text("parallel", "Files at once", "From 1 to 64")
        }),
        advanced(FieldSpec {
            kind: FieldKind::Number { min: 1, max: 1 << 50 },
            ..FieldSpec::text("bandwidth", "Bandwidth", "At most so many bytes per second; empty: no limit")
        }),
    ]
}

/// Who signs.
#[derive(Debug)]
pub(crate) enum Signer {
    /// The key that stands in the connection.
    Key { id: String, secret: SecretString, token: Option<SecretString> },
    /// Whatever AWS's own rules find: environment, profile, single sign-on, a role, the machine.
    Chain { profile: Option<String>, file: Option<PathBuf> },
}

/// What the settings mean.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
    /// `None` where the first name of every path is the bucket.
    pub(crate) bucket: Option<String>,
    /// Empty, or with exactly one `/` at its end. Always empty without a bucket.
    pub(crate) base: String,
    pub(crate) path_style: bool,
    pub(crate) signer: Signer,
    pub(crate) sse: Option<ServerSideEncryption>,
    pub(crate) kms_key_id: Option<String>,
    pub(crate) storage_class: Option<StorageClass>,
    pub(crate) network: Network,
}

impl Config {
    pub(crate) fn parse(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let own = |key: &str| settings.get(key).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let bucket = own("bucket");
        if bucket.as_ref().is_some_and(|bucket| bucket.contains('/') && !bucket.starts_with("arn:")) {
            return Err(refuse("bucket", "is only the bucket's name; a folder in it goes into `prefix`"));
        }
        let base = base_of(settings.get("prefix").unwrap_or_default());
        if bucket.is_none() && !base.is_empty() {
            return Err(refuse("prefix", "is a folder in one bucket; name that bucket in `bucket`, or leave it empty"));
        }
        let endpoint = own("endpoint").map(|text| text.trim_end_matches('/').to_owned());
        if let Some(text) = &endpoint {
            check_endpoint(text)?;
        }
        let path_style = settings.get("path_style").map_or(endpoint.is_some(), |value| value == "true");
        Ok(Self {
            path_style,
            region: own("region"),
            base,
            signer: signer_of(context, own("access_key_id"), own("profile"), own("aws_config"))?,
            sse: own("sse").map(|value| ServerSideEncryption::from(value.as_str())),
            kms_key_id: own("kms_key_id"),
            storage_class: own("storage_class").map(|value| StorageClass::from(value.as_str())),
            endpoint,
            bucket,
            network: context.network.clone(),
        })
    }

    /// The region to sign for, as far as the settings say.
    pub(crate) fn signing_region(&self) -> &str {
        self.region.as_deref().unwrap_or(FALLBACK_REGION)
    }

    /// Whether this is Amazon's own service, whose documented promises can be counted on.
    pub(crate) fn is_amazon(&self) -> bool {
        self.endpoint.as_deref().is_none_or(|endpoint| {
            let host = host_of(endpoint).0;
            host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")
        })
    }

    /// Scheme, host and port that requests go to.
    pub(crate) fn address(&self) -> (bool, String, u16) {
        let Some(endpoint) = &self.endpoint else {
            let region = self.signing_region();
            let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
            return (true, format!("s3.{region}.amazonaws.com{suffix}"), 443);
        };
        let secure = endpoint.starts_with("https://");
        let (host, port) = host_of(endpoint);
        (secure, host.to_owned(), port.unwrap_or(if secure { 443 } else { 80 }))
    }
}

fn refuse(key: &str, reason: &str) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, "open", format!("the setting `{key}` {reason}"))
}

fn check_endpoint(text: &str) -> Result<()> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Err(refuse("endpoint", "has to begin with `https://` or `http://`"));
    };
    if rest.contains('@') {
        return Err(refuse("endpoint", "may not hold a user or a secret; those have settings of their own"));
    }
    if host_of(text).0.is_empty() || text.parse::<http::Uri>().is_err() {
        return Err(refuse("endpoint", "is no address; it looks like `https://s3.example.com:9000`"));
    }
    Ok(())
}

/// Host and port of an address, without brackets around IPv6.
fn host_of(endpoint: &str) -> (&str, Option<u16>) {
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    if let Some((host, port)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()),
        None => (authority, None),
    }
}

fn base_of(prefix: &str) -> String {
    let prefix = prefix.trim_start_matches('/').trim_end_matches('/');
    if prefix.is_empty() { String::new() } else { format!("{prefix}/") }
}

fn signer_of(
    context: &OpenContext,
    id: Option<String>,
    profile: Option<String>,
    file: Option<String>,
) -> Result<Signer> {
    let secret = context.secrets.get("secret_access_key").cloned();
    match (id, secret) {
        (Some(id), Some(secret)) => {
            Ok(Signer::Key { id, secret, token: context.secrets.get("session_token").cloned() })
        }
        (Some(_), None) => Err(ConnectorError::new(
            FailureKind::Unauthenticated,
            "open",
            format!("the connection `{}` has an access key ID but no secret access key; enter it again", context.name),
        )),
        (None, Some(_)) => Err(refuse("access_key_id", "is missing, though a secret access key is there")),
        (None, None) => Ok(Signer::Chain { profile, file: file.map(PathBuf::from) }),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use rstest::rstest;
    use waybill_connector::{Learned, NobodyToAsk, Settings, validate};

    use super::*;

    fn context(settings: &[(&str, &str)], secrets: &[(&str, &str)]) -> OpenContext {
        OpenContext {
            name: "store".to_owned(),
            settings: settings.iter().copied().collect(),
            secrets: secrets.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned().into())).collect(),
            learned: Learned::default(),
            ask: Arc::new(NobodyToAsk),
            network: waybill_connector::Network::default(),
        }
    }

    pub(crate) fn parsed(settings: &[(&str, &str)]) -> Config {
        Config::parse(&context(settings, &[])).unwrap()
    }

    #[rstest]
    #[case(&[("bucket", "b")], false)]
    #[case(&[("bucket", "b"), ("endpoint", "http://127.0.0.1:3900")], true)]
    #[case(&[("bucket", "b"), ("endpoint", "https://s3.example.com"), ("path_style", "false")], false)]
    fn the_bucket_goes_into_the_path_wherever_an_endpoint_is_given(
        #[case] settings: &[(&str, &str)],
        #[case] expected: bool,
    ) {
        assert_eq!(parsed(settings).path_style, expected);
    }

    #[rstest]
    #[case(&[("prefix", "team/in")], "`prefix` is a folder in one bucket")]
    #[case(&[("bucket", "a/b")], "prefix")]
    #[case(&[("bucket", "b"), ("endpoint", "s3.example.com")], "https://")]
    #[case(&[("bucket", "b"), ("endpoint", "https://me:key@s3.example.com")], "secret")]
    #[case(&[("bucket", "b"), ("endpoint", "https://:443")], "no address")]
    fn a_wrong_setting_is_refused_by_name(#[case] settings: &[(&str, &str)], #[case] says: &str) {
        let error = Config::parse(&context(settings, &[])).unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
        assert!(error.message.contains(says), "{}", error.message);
    }

    #[test]
    fn half_a_key_is_no_credential() {
        let error = Config::parse(&context(&[("bucket", "b"), ("access_key_id", "AKIA")], &[])).unwrap_err();
        assert_eq!(error.kind, FailureKind::Unauthenticated);
        let error = Config::parse(&context(&[("bucket", "b")], &[("secret_access_key", "x")])).unwrap_err();
        assert!(error.message.contains("access_key_id"), "{}", error.message);
    }

    #[rstest]
    #[case(&[("bucket", "b"), ("region", "eu-west-1")], (true, "s3.eu-west-1.amazonaws.com", 443))]
    #[case(&[("bucket", "b"), ("region", "cn-north-1")], (true, "s3.cn-north-1.amazonaws.com.cn", 443))]
    #[case(&[("bucket", "b"), ("endpoint", "http://[::1]:3900/")], (false, "::1", 3900))]
    #[case(&[("bucket", "b"), ("endpoint", "http://h/x")], (false, "h", 80))]
    fn the_address_follows_from_endpoint_and_region(
        #[case] settings: &[(&str, &str)],
        #[case] expected: (bool, &str, u16),
    ) {
        let (secure, host, port) = parsed(settings).address();
        assert_eq!((secure, host.as_str(), port), expected);
    }

    #[test]
    fn a_secret_never_shows_in_debug_output() {
        let config = Config::parse(&context(
            &[("bucket", "b"), ("access_key_id", "AKIA")],
            &[("secret_access_key", "canary"), ("session_token", "canary")],
        ));
        assert!(!format!("{config:?}").contains("canary"));
    }

    #[test]
    fn the_form_takes_every_setting_by_its_name() {
        let settings: Settings = [
            ("endpoint", "http://h"),
            ("region", "r"),
            ("bucket", "b"),
            ("prefix", "p"),
            ("path_style", "true"),
            ("access_key_id", "a"),
            ("profile", "p"),
            ("aws_config", "/etc/aws"),
            ("sse", "aws:kms"),
            ("kms_key_id", "k"),
            ("storage_class", "STANDARD_IA"),
            ("parallel", "64"),
            ("bandwidth", "1000000"),
        ]
        .into_iter()
        .collect();
        let secrets = BTreeSet::from(["secret_access_key".to_owned(), "session_token".to_owned()]);
        assert_eq!(validate(&spec(), &settings, &secrets), []);
        let refused = validate(&spec(), &[("bucket", "b"), ("parallel", "65")].into_iter().collect(), &secrets);
        assert_eq!(refused.len(), 1, "more than 64 files at once are refused");
    }
}
