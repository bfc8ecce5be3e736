mod memory;
mod memory_approval;
mod memory_events;
mod memory_previews;
mod memory_processes;
mod memory_repository;
mod memory_search;
mod memory_sharing;
mod memory_talk;
mod memory_tasks;
mod memory_told;

use std::sync::Arc;

use async_trait::async_trait;
use memory::{Bug, Remotes};
use rstest::rstest;

use super::*;
use crate::{Connector, Descriptor, Identity, Limits, Page, PageRequest, Result, ResumeSupport};

/// A connector that lists, and forgets to go on after the first page.
#[derive(Debug)]
struct OnePageOnly(Descriptor);

#[async_trait]
impl Connector for OnePageOnly {
    fn descriptor(&self) -> &Descriptor {
        &self.0
    }
    async fn check(&self) -> Result<Identity> {
        Ok(Identity { name: "me".to_owned(), server: None })
    }
    fn list(&self) -> Option<&dyn crate::List> {
        Some(self)
    }
    fn trust(&self) -> Option<&dyn crate::Trust> {
        Some(self)
    }
}

#[async_trait]
impl crate::List for OnePageOnly {
    async fn list(&self, _: &waybill_model::RemotePath, _: PageRequest) -> Result<Page> {
        Ok(Page { entries: Vec::new(), next: Some("again".to_owned()) })
    }
    async fn stat(&self, _: &waybill_model::RemotePath) -> Result<Option<crate::Entry>> {
        Ok(None)
    }
}

#[async_trait]
impl crate::Trust for OnePageOnly {
    async fn offered(&self) -> Result<String> {
        Ok("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned())
    }
    async fn accept(&self, _: &str, _: bool) -> Result<()> {
        Ok(())
    }
}

struct Bad;

#[async_trait]
impl Fixture for Bad {
    fn name(&self) -> String {
        "a bad connector".to_owned()
    }
    async fn place(&self) -> Box<dyn Place> {
        Box::new(Self)
    }
    fn excuse(&self, case: &str) -> Option<String> {
        let of_trust = trust::cases().iter().any(|known| known.name == case);
        of_trust.then(|| "to leave the ability without a case".to_owned())
    }
}

#[async_trait]
impl Place for Bad {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(OnePageOnly(Descriptor {
            kind: "bad",
            limits: Limits {
                max_file_bytes: 1 << 30,
                single_write_bytes: 1 << 20,
                parallel_files: 1,
                parallel_small_files: 1,
                parallel_ranges: 0,
            },
            names: waybill_model::names::NameRules::posix(),
            resume: ResumeSupport::WholeFile,
            read_back: true,
            remarks: Vec::new(),
            columns: Vec::new(),
        }))
    }
    async fn reopen(&self) -> Arc<dyn Connector> {
        self.connector()
    }
}

fn outcome<'a>(report: &'a Report, case: &str) -> &'a Outcome {
    &report.rows.iter().find(|row| row.case == case).expect("the case ran").outcome
}

#[tokio::test]
async fn a_connector_that_breaks_its_contract_fails_by_name() {
    let report = collect(&Bad).await;
    let paging = outcome(&report, "an empty folder has no entries");
    assert_eq!(*paging, Outcome::Failed("paging does not end".to_owned()));
    assert!(matches!(outcome(&report, "the limits can be kept"), Outcome::Failed(why) if why.contains("[1, 1, 0]")));
    assert_eq!(*outcome(&report, "nothing there is no entry"), Outcome::Passed);
}

#[tokio::test]
async fn an_ability_without_a_case_that_runs_fails() {
    let report = collect(&Bad).await;
    let row = report.rows.iter().rfind(|row| row.ability == Ability::Trust).expect("a row of the ability");
    assert!(matches!(row.outcome, Outcome::Failed(_)), "{row:?}");
    assert!(report.failures().contains("no case exercises it"), "{}", report.failures());
}

#[tokio::test]
async fn what_cannot_be_staged_is_a_row_with_its_reason() {
    let report = collect(&Bad).await;
    let hang = outcome(&report, "a request that is never answered ends");
    assert!(matches!(hang, Outcome::NotApplicable(why) if why.contains("cannot make the remote fail")), "{hang:?}");
    assert!(report.to_string().contains("write              not handed out"), "{report}");
}

#[test]
fn every_ability_of_the_trait_is_known_to_the_suite() {
    let source = include_str!("../ability.rs");
    let source = source.split("pub trait List").next().unwrap_or_default();
    let methods: Vec<_> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("fn ")?.split_once("(&self) -> Option<&dyn"))
        .collect();
    assert_eq!(methods.len() + 1, Ability::ALL.len(), "{methods:?}");
    for (method, _) in methods {
        assert!(Ability::ALL.iter().any(|ability| ability.method() == method), "`{method}` is not in the list");
    }
}

#[test]
fn every_ability_has_a_case() {
    for &ability in Ability::ALL {
        assert!(all_cases().iter().any(|case| case.ability == ability), "{ability} has no case");
    }
}

#[tokio::test]
async fn a_remote_that_keeps_the_whole_contract_passes_every_case() {
    let report = collect(&Remotes(Bug::None)).await;
    assert_eq!(report.failed(), 0, "{}", report.failures());
    assert_eq!(report.not_applicable(), 0, "{report}");
    assert_eq!(report.absent, [], "every ability was tried");
    assert_eq!(report.passed(), all_cases().len());
}

#[rstest]
#[case(Bug::PagesOverlap, "listing 2500 entries by pages of 1000 gives each once")]
#[case(Bug::DecodesNames, "odd names come back as they were written")]
#[case(Bug::ListsNeighbours, "a name that begins like the folder is not in it")]
#[case(Bug::IgnoresReplace, "what is there is not overwritten")]
#[case(Bug::IgnoresReplace, "what appears meanwhile is not overwritten")]
#[case(Bug::IgnoresReplace, "moving over a file is refused")]
#[case(Bug::IgnoresReplace, "two writers of one name leave one of them")]
#[case(Bug::StoresShort, "a source that is too short leaves nothing")]
#[case(Bug::StoresEarly, "a dropped write leaves nothing")]
#[case(Bug::StoresEarly, "a source that fails leaves nothing")]
#[case(Bug::ReadsLatest, "a stale stamp is changed")]
#[case(Bug::ShortReadLooksWhole, "an answer that ends early is truncated")]
#[case(Bug::PartsAsTheyCome, "parts out of order arrive in order")]
#[case(Bug::BelievesReceipts, "after a crash a gap is not held")]
#[case(Bug::BelievesReceipts, "a part of other bytes is not held")]
#[case(Bug::BelievesReceipts, "a corrupt part is not held")]
#[case(Bug::FinishesWithoutAll, "a missing part is refused at the end")]
#[case(Bug::BelievesSuccess, "an error in the answer to the end is an error")]
#[case(Bug::AbortKeeps, "aborting frees and can be repeated")]
#[case(Bug::NeverAnswers, "a request that is never answered ends")]
#[case(Bug::ForgetsRetryAfter, "a rate limit says when to come again")]
#[case(Bug::MissesNothing, "removing nothing succeeds")]
#[case(Bug::VouchesOnce, "what changed is vouched for anew")]
#[case(Bug::LeavesProbe, "the test leaves nothing behind")]
#[case(Bug::ShortensRetention, "a retention is lengthened and never shortened")]
#[case(Bug::RestoresNothing, "restoring makes a new latest version")]
#[case(Bug::TakesAnyTask, "a task that another has says who")]
#[case(Bug::DecidesAnyhow, "an outcome that there is not decides nothing")]
#[case(Bug::FindsNeighbours, "a process is found by what it is about")]
#[case(Bug::ForgetsVersions, "putting it up again makes its next version")]
#[case(Bug::SearchesEverywhere, "a search stays within its folder")]
#[case(Bug::IgnoresFilters, "a filter that there is not is refused")]
#[case(Bug::IgnoresFilters, "a filter narrows")]
#[case(Bug::ShowsNothing, "a picture of nothing is not found")]
#[case(Bug::DecidesNothing, "a decision is read back")]
#[case(Bug::DecidesNothing, "the reason arrives")]
#[case(Bug::SharesTwice, "sharing again changes the one share")]
#[case(Bug::RevokesById, "revoking after a change leaves no share")]
#[case(Bug::AsksTwice, "asking for the same again answers the one that stands")]
#[case(Bug::SaysTwice, "a lost answer writes one comment")]
#[case(Bug::ForgetsWho, "what another has says who and is not taken or given back")]
#[case(Bug::TakesWrongValues, "a wrong value changes nothing and is named")]
#[case(Bug::TakesWrongValues, "a file with a wrong form is not written")]
#[case(Bug::ForgetsUnnamed, "what is not named stays and what is emptied goes")]
#[case(Bug::DeletesHeld, "what is held is not removed")]
#[case(Bug::DeletesHeld, "a record is not removed")]
#[case(Bug::AddsRights, "rights replace those before")]
#[case(Bug::OldestFirst, "the newest line comes first")]
#[case(Bug::RestoresOver, "bringing back over a name that is taken is refused")]
#[case(Bug::BelievesSilence, "a lost answer makes one workspace")]
#[case(Bug::LinksOpenAll, "a link that is changed gives nothing")]
#[case(Bug::SkipsBetweenPages, "what happens meanwhile is told over all pages")]
#[case(Bug::NewIdsEachTime, "an event that comes again is the same event")]
#[case(Bug::WalksForEver, "a feed that comes back to its beginning is ended")]
#[case(Bug::DropsBrokenItems, "an item that cannot be read holds nothing up")]
#[case(Bug::BelievesFiles, "a file over the limit is refused")]
#[case(Bug::BelievesFiles, "a file that is not what was promised is refused")]
#[case(Bug::BelievesUnsigned, "what was changed on the way is refused")]
#[case(Bug::BelievesOldSignatures, "a signature that is five minutes off is refused")]
#[case(Bug::TellsAnew, "what is told again is the same event")]
#[case(Bug::BelievesSuccess, "an error in the answer is an error")]
#[case(Bug::BelievesBulks, "an item that is refused says so and the others are there")]
#[tokio::test]
async fn each_bug_fails_the_case_that_is_meant_for_it(#[case] bug: Bug, #[case] title: &str) {
    let fixture = Remotes(bug);
    let cases = all_cases();
    let case = cases.iter().find(|case| case.title() == title).expect("the case is there");
    let outcome = attempt(&fixture, case).await;
    assert!(matches!(outcome, Outcome::Failed(_)), "{bug:?} ended as {outcome:?}");
}
