//! The suite against the stand-in, in a folder of somebody's own files.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![expect(clippy::result_large_err, reason = "the contract's own error")]

#[path = "conformance/bench.rs"]
mod bench;
#[path = "conformance/lost_answers.rs"]
mod lost_answers;
#[path = "conformance/odd_servers.rs"]
mod odd_servers;
#[path = "conformance/others.rs"]
mod others;
#[path = "conformance/people.rs"]
mod people;
#[path = "conformance/roots.rs"]
mod roots;

use async_trait::async_trait;
use bench::Bench;
use waybill_connector::conformance::{Fixture, Place, run};

struct Desk;

#[async_trait]
impl Fixture for Desk {
    fn name(&self) -> String {
        "file 360".to_owned()
    }

    async fn place(&self) -> Box<dyn Place> {
        Box::new(Bench::start().await)
    }

    fn excuse(&self, case: &str) -> Option<String> {
        let why = match case {
            "names_that_differ_in_normal_form_stay_two_files" => {
                "the server composes letters and marks, and takes both for one name"
            }
            "a_deleted_file_keeps_its_versions" => {
                "what was deleted lies in the trash, into which the interface cannot look"
            }
            "a_link_that_is_changed_gives_nothing" => "the name at the end of a link only decorates it",
            _ => return None,
        };
        Some(why.to_owned())
    }
}

#[tokio::test]
async fn somebodys_own_files_keep_the_contract() {
    run(&Desk).await;
}
