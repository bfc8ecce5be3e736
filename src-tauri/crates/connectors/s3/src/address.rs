//! Addresses that people paste: `s3://bucket/folder`, an ARN, an endpoint, or a page of Amazon's console.

use waybill_connector::PastedAddress;

use crate::words;

/// Takes an address apart; `None` where it is none of a bucket or of a server that speaks S3.
pub fn from_address(text: &str) -> Option<PastedAddress> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    for scheme in ["s3://", "s3a://", "s3n://"] {
        if lower.starts_with(scheme) {
            return bucket_and_folder(&text[scheme.len()..], PastedAddress::default());
        }
    }
    if lower.starts_with("arn:aws") {
        let (_, resource) = text.split_once(":s3:::")?;
        return bucket_and_folder(resource, PastedAddress::default());
    }
    let scheme = ["https://", "http://"].into_iter().find(|scheme| lower.starts_with(scheme))?;
    web_address(scheme, &text[scheme.len()..])
}

fn web_address(scheme: &str, rest: &str) -> Option<PastedAddress> {
    let mut address = PastedAddress::default();
    let (rest, query) = rest.split('#').next()?.split_once('?').unwrap_or((rest, ""));
    if query.to_ascii_lowercase().contains("signature=") {
        address.remarks.push(words::SIGNATURE_LEFT_OUT.said());
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = match authority.rsplit_once('@') {
        Some((_, host)) => {
            address.remarks.push(words::ACCOUNT_LEFT_OUT.said());
            host
        }
        None => authority,
    };
    if host.is_empty() || host.starts_with(':') {
        return None;
    }
    let name = host.to_ascii_lowercase();
    if name.ends_with("console.aws.amazon.com") {
        return console(path, query, address);
    }
    let Some(amazon) = name.strip_suffix(".amazonaws.com").or_else(|| name.strip_suffix(".amazonaws.com.cn")) else {
        address.settings.set("endpoint", format!("{scheme}{host}"));
        return bucket_and_folder(path, address);
    };
    let labels: Vec<&str> = amazon.split('.').collect();
    let at = labels.iter().rposition(|label| *label == "s3" || label.starts_with("s3-"))?;
    let dashed = labels[at].strip_prefix("s3-").filter(|region| *region != "accelerate");
    if let Some(region) = labels.last().filter(|_| at + 1 < labels.len()).copied().or(dashed) {
        address.settings.set("region", region);
    }
    if at == 0 {
        return bucket_and_folder(path, address);
    }
    bucket_and_folder(&format!("{}/{path}", labels[..at].join(".")), address)
}

/// A page of the console names the bucket in its path and the rest in its query.
fn console(path: &str, query: &str, mut address: PastedAddress) -> Option<PastedAddress> {
    let bucket = path.strip_prefix("s3/buckets/")?.split('/').next().filter(|name| !name.is_empty())?;
    address.settings.set("bucket", bucket);
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match key {
            "region" => address.settings.set("region", value),
            "prefix" if !value.trim_matches('/').is_empty() => address.settings.set("prefix", value.trim_matches('/')),
            _ => {}
        }
    }
    Some(address)
}

fn bucket_and_folder(path: &str, mut address: PastedAddress) -> Option<PastedAddress> {
    let (bucket, folder) = path.split_once('/').unwrap_or((path, ""));
    if !bucket.is_empty() {
        address.settings.set("bucket", bucket);
        let folder = folder.trim_matches('/');
        if !folder.is_empty() {
            address.settings.set("prefix", folder);
        }
    }
    let says_something = address.settings.iter().next().is_some();
    says_something.then_some(address)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("s3://evidence-eu", &[("bucket", "evidence-eu")])]
    #[case("S3://evidence-eu/2291/in/", &[("bucket", "evidence-eu"), ("prefix", "2291/in")])]
    #[case("arn:aws:s3:::evidence-eu/2291", &[("bucket", "evidence-eu"), ("prefix", "2291")])]
    #[case("https://s3.example.com:9000", &[("endpoint", "https://s3.example.com:9000")])]
    #[case("http://127.0.0.1:3900/scans/in", &[("endpoint", "http://127.0.0.1:3900"), ("bucket", "scans"), ("prefix", "in")])]
    #[case("https://evidence.s3.eu-central-1.amazonaws.com/2291/", &[("bucket", "evidence"), ("region", "eu-central-1"), ("prefix", "2291")])]
    #[case("https://my.bucket.s3-eu-west-1.amazonaws.com", &[("bucket", "my.bucket"), ("region", "eu-west-1")])]
    #[case("https://s3.cn-north-1.amazonaws.com.cn/evidence", &[("bucket", "evidence"), ("region", "cn-north-1")])]
    #[case("https://evidence.s3.amazonaws.com/", &[("bucket", "evidence")])]
    #[case("https://eu-central-1.console.aws.amazon.com/s3/buckets/evidence?region=eu-central-1&prefix=2291/", &[("bucket", "evidence"), ("region", "eu-central-1"), ("prefix", "2291")])]
    fn an_address_fills_the_form(#[case] text: &str, #[case] settings: &[(&str, &str)]) {
        let address = from_address(text).unwrap();
        assert_eq!(address.settings, settings.iter().copied().collect());
        assert_eq!(address.remarks, []);
    }

    #[rstest]
    #[case("https://evidence.s3.amazonaws.com/a?X-Amz-Signature=canary&X-Amz-Credential=canary")]
    #[case("https://me:canary@s3.example.com/evidence")]
    fn what_signs_in_an_address_is_left_out_and_said(#[case] text: &str) {
        let address = from_address(text).unwrap();
        assert_eq!(address.remarks.len(), 1);
        assert!(!format!("{address:?}").contains("canary"), "{address:?}");
    }

    #[rstest]
    #[case("sftp://host")]
    #[case("s3://")]
    #[case("https://")]
    #[case("https://console.aws.amazon.com/ec2")]
    #[case("a bucket s3://x")]
    fn what_is_no_such_address_is_left_alone(#[case] text: &str) {
        assert_eq!(from_address(text), None);
    }
}
