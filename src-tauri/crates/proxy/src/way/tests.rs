use std::collections::HashMap;

use rstest::rstest;
use secrecy::ExposeSecret as _;

use super::*;

fn named(except: &str) -> Proxy {
    let address = "socks5://proxy:1080".parse().unwrap();
    Proxy::Named(NamedProxy { address, user: None, except: except.to_owned() })
}

/// The proxy that an environment leads over, with who signs in there.
fn by(variables: &[(&str, &str)], traffic: Traffic, host: &str) -> Result<Option<String>, ProxyError> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let way = from_environment(traffic, host, |name| variables.get(name).map(|&value| value.to_owned()))?;
    Ok(way.map(|way| match way.user() {
        Some((user, password)) => format!("{} {user} {}", way.address(), password.expose_secret()),
        None => way.address().to_string(),
    }))
}

#[rstest]
#[case("localhost")]
#[case("LOCALHOST.")]
#[case("desk.localhost")]
#[case("127.0.0.1")]
#[case("127.1.2.3")]
#[case("[::1]")]
#[case("::ffff:127.0.0.1")]
#[case("0.0.0.0")]
fn this_computer_is_reached_directly(#[case] host: &str) {
    assert!(Way::to(&named(""), Traffic::Other, host).unwrap().is_none(), "{host}");
}

#[rstest]
#[case("sftp.example.com", true)]
#[case("example.com", true)]
#[case("badexample.com", false)]
#[case("10.1.2.3", true)]
#[case("11.1.2.3", false)]
#[case("fd00::7", true)]
#[case("fd01::7", false)]
#[case("gate", true)]
fn exceptions_are_reached_directly_and_nothing_else(#[case] host: &str, #[case] directly: bool) {
    let proxy = named(" .example.com, 10.0.0.0/8, fd00::/16 ,gate");
    assert_eq!(Way::to(&proxy, Traffic::Other, host).unwrap().is_none(), directly, "{host}");
}

#[test]
fn ssh_obeys_the_variable_for_everything_and_not_those_for_the_web() {
    let web = [("HTTPS_PROXY", "http://web:3128"), ("HTTP_PROXY", "http://web:3128")];
    assert_eq!(by(&web, Traffic::Other, "sftp.example.com").unwrap(), None);
    assert_eq!(by(&web, Traffic::Https, "s3.example.com").unwrap().as_deref(), Some("http://web:3128"));
    let all = [("all_proxy", "socks5h://ada:p%40ss@gate"), ("NO_PROXY", "example.org"), web[0]];
    let over = Some("socks5://gate:1080 ada p@ss");
    assert_eq!(by(&all, Traffic::Other, "sftp.example.com").unwrap().as_deref(), over);
    assert_eq!(by(&all, Traffic::Http, "s3.example.com").unwrap().as_deref(), over);
    assert_eq!(by(&all, Traffic::Https, "s3.example.com").unwrap().as_deref(), Some("http://web:3128"));
    assert_eq!(by(&all, Traffic::Other, "sftp.example.org").unwrap(), None);
}

#[test]
fn who_signs_in_at_an_http_proxy_of_the_environment_is_read_back() {
    let all = [("ALL_PROXY", "http://ada:p%3Ass@gate:3128")];
    assert_eq!(by(&all, Traffic::Other, "far").unwrap().as_deref(), Some("http://gate:3128 ada p:ss"));
}

#[rstest]
#[case("socks4://gate:1080")]
#[case("https://gate:3128")]
fn a_proxy_of_the_environment_that_is_not_spoken_is_said_and_not_passed_by(#[case] url: &str) {
    let error = by(&[("ALL_PROXY", url)], Traffic::Other, "far").unwrap_err();
    assert!(error.to_string().contains(url), "{error}");
}
