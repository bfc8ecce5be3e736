//! What is worth a notice, and its words.

use std::collections::{BTreeSet, HashSet};

use waybill_desk::{Notices, RunRow};
use waybill_model::{AttentionId, RunId, names};

use crate::words::Language;

/// Runs and questions as of one look.
#[derive(Debug)]
pub(super) struct Open {
    /// Runs that go on.
    pub(super) runs: BTreeSet<RunId>,
    /// Runs that were over, among the newest.
    pub(super) seen: BTreeSet<RunId>,
    /// Open questions.
    pub(super) questions: HashSet<AttentionId>,
    /// Whether nobody has looked yet: what ended before that is no news.
    pub(super) is_first: bool,
}

impl Default for Open {
    fn default() -> Self {
        Self { runs: BTreeSet::new(), seen: BTreeSet::new(), questions: HashSet::new(), is_first: true }
    }
}

impl Open {
    /// Whether the end of this run is news: it went on at the last look, or came and ended since.
    pub(super) fn may_tell(&self, run: &RunRow) -> bool {
        self.runs.contains(&run.id) || !self.seen.contains(&run.id) && self.seen.iter().all(|seen| *seen < run.id)
    }

    /// Questions that were not open before.
    pub(super) fn new_questions(&self, before: &Self) -> Vec<AttentionId> {
        if before.is_first {
            return Vec::new();
        }
        self.questions.difference(&before.questions).copied().collect()
    }
}

/// What happened since the last look.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) ended: Vec<RunRow>,
    /// Of each new question, what its connection is called.
    pub(super) questions: Vec<Option<String>>,
}

/// What the operating system shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) title: String,
    pub(super) body: String,
    /// What a click shows; none leads to what needs somebody.
    pub(super) run: Option<RunId>,
    /// Whether a person has to do something.
    pub(super) urgent: bool,
    /// What the button says.
    pub(super) show: &'static str,
}

impl News {
    /// What of it somebody wants to be told.
    pub(super) fn wanted(mut self, wanted: &Notices) -> Self {
        self.ended.retain(|run| if is_well(run) { wanted.run_ended } else { wanted.failures });
        if !wanted.needs_someone {
            self.questions.clear();
        }
        self
    }

    /// One notice for all of it; none where nothing happened.
    pub(super) fn notice(&self, language: Language) -> Option<Notice> {
        let (title, mut lines, run, mut urgent) = match self.ended.as_slice() {
            [] => (String::new(), Vec::new(), None, false),
            [run] => (ended_title(run, language), vec![ended_line(run, language)], Some(run.id), run.failed > 0),
            runs => together(runs, language),
        };
        let question = questions_line(&self.questions, language);
        urgent |= question.is_some();
        let title = if title.is_empty() { question.clone()? } else { title };
        if title.as_str() == question.as_deref().unwrap_or_default() {
            lines.push(
                language
                    .of(
                        "Nothing was lost; it goes on when you have answered.",
                        "Nichts ist verloren; es geht weiter, sobald Sie geantwortet haben.",
                    )
                    .to_owned(),
            );
        } else {
            lines.extend(question);
        }
        Some(Notice { title, body: lines.join("\n"), run, urgent, show: language.of("Show", "Anzeigen") })
    }
}

fn is_well(run: &RunRow) -> bool {
    run.failed + run.cancelled == 0
}

fn ended_title(run: &RunRow, language: Language) -> String {
    let title = names::shown(&run.title);
    let end = if is_well(run) {
        language.of("has arrived", "ist angekommen")
    } else {
        language.of("ended with failures", "endete mit Fehlern")
    };
    let end =
        if run.failed == 0 && run.cancelled > 0 { language.of("was called off", "wurde abgebrochen") } else { end };
    format!("{title} {end}")
}

fn ended_line(run: &RunRow, language: Language) -> String {
    let proved = if run.matched == run.done && run.done > 0 {
        language.of("all proved equal", "alle als gleich nachgewiesen")
    } else {
        language.of("not all proved equal", "nicht alle als gleich nachgewiesen")
    };
    let mut parts = vec![format!("{} {}", language.files(run.done), language.of("done", "fertig"))];
    if run.done > 0 {
        parts.push(proved.to_owned());
    }
    for (count, word) in [
        (run.failed, language.of("failed", "fehlgeschlagen")),
        (run.skipped, language.of("skipped", "übersprungen")),
        (run.cancelled, language.of("called off", "abgebrochen")),
    ] {
        if count > 0 {
            parts.push(format!("{} {word}", language.number(count)));
        }
    }
    parts.join(", ")
}

fn together(runs: &[RunRow], language: Language) -> (String, Vec<String>, Option<RunId>, bool) {
    let count = runs.len() as u64;
    let bad: Vec<&RunRow> = runs.iter().filter(|run| !is_well(run)).collect();
    let title = format!("{} {}", language.number(count), language.of("runs have ended", "Läufe sind zu Ende"));
    let mut lines = vec![match bad.len() as u64 {
        0 => language.of("All of them arrived.", "Alle sind angekommen.").to_owned(),
        failed => format!(
            "{} {}, {} {}.",
            language.number(count - failed),
            language.of("arrived", "angekommen"),
            language.number(failed),
            language.of("with failures", "mit Fehlern")
        ),
    }];
    if let Some(run) = bad.first() {
        lines.push(ended_title(run, language));
    }
    (title, lines, bad.first().map(|run| run.id), !bad.is_empty())
}

fn questions_line(questions: &[Option<String>], language: Language) -> Option<String> {
    match questions {
        [] => None,
        [Some(connection)] => Some(format!("{} {}", names::shown(connection), language.of("needs you", "braucht Sie"))),
        [None] => Some(language.of("Waybill needs you", "Waybill braucht Sie").to_owned()),
        many => {
            let count = language.number(many.len() as u64);
            Some(format!("{count} {}", language.of("questions need you", "Fragen brauchen Sie")))
        }
    }
}

#[cfg(test)]
mod tests {
    use waybill_desk::Origin;
    use waybill_model::{Millis, TransferOptions};

    use super::*;

    fn run(title: &str, done: u64, failed: u64) -> RunRow {
        RunRow {
            id: RunId::fresh(),
            title: title.to_owned(),
            origin: Origin::Window,
            options: TransferOptions::default(),
            walked: true,
            created_at: Millis(0),
            last_ended_at: None,
            files: done + failed,
            bytes: 0,
            bytes_done: 0,
            running: 0,
            queued: 0,
            waiting: 0,
            paused: 0,
            attention: 0,
            done,
            matched: done,
            skipped: 0,
            failed,
            cancelled: 0,
        }
    }

    fn ended(runs: Vec<RunRow>) -> News {
        News { ended: runs, questions: Vec::new() }
    }

    #[test]
    fn a_run_that_ended_is_told_with_its_counts_and_leads_to_itself() {
        let one = run("Terms.pdf and 2 more", 3, 0);
        let notice = ended(vec![one.clone()]).notice(Language::English).unwrap();
        assert_eq!(notice.title, "Terms.pdf and 2 more has arrived");
        assert_eq!(notice.body, "3 files done, all proved equal");
        assert_eq!((notice.run, notice.urgent), (Some(one.id), false));
        let bad = ended(vec![run("in", 1, 2)]).notice(Language::German).unwrap();
        assert_eq!(bad.title, "in endete mit Fehlern");
        assert_eq!(bad.body, "1 Datei fertig, alle als gleich nachgewiesen, 2 fehlgeschlagen");
        assert!(bad.urgent);
    }

    #[test]
    fn many_ends_are_one_notice_that_leads_to_the_first_with_failures() {
        let bad = run("b", 0, 1);
        let notice = ended(vec![run("a", 1, 0), bad.clone(), run("c", 1, 0)]).notice(Language::English).unwrap();
        assert_eq!(notice.title, "3 runs have ended");
        assert_eq!(notice.body, "2 arrived, 1 with failures.\nb ended with failures");
        assert_eq!(notice.run, Some(bad.id));
    }

    #[test]
    fn questions_are_told_once_however_many() {
        let of =
            |questions: Vec<Option<String>>| News { ended: Vec::new(), questions }.notice(Language::English).unwrap();
        assert_eq!(of(vec![Some("archive".to_owned())]).title, "archive needs you");
        assert_eq!(of(vec![None; 10_000]).title, "10,000 questions need you");
        assert!(of(vec![None]).urgent);
    }

    #[test]
    fn what_nobody_wants_to_be_told_is_left_out() {
        let news = || News { ended: vec![run("good", 1, 0), run("bad", 0, 1)], questions: vec![None] };
        let only_failures = Notices { run_ended: false, needs_someone: false, ..Notices::default() };
        assert_eq!(news().wanted(&only_failures).notice(Language::English).unwrap().title, "bad ended with failures");
        let nothing = Notices { failures: false, ..only_failures };
        assert_eq!(news().wanted(&nothing).notice(Language::English), None);
    }

    #[test]
    fn nothing_new_is_no_notice() {
        assert_eq!(News::default().notice(Language::English), None);
    }

    #[test]
    fn an_end_is_told_once_and_what_had_ended_before_the_first_look_never() {
        let (old, going) = (run("old", 1, 0), run("going", 1, 0));
        let first = Open { runs: [going.id].into(), seen: [old.id].into(), questions: HashSet::new(), is_first: false };
        let quick = run("came and ended between two looks", 1, 0);
        assert!(first.may_tell(&going));
        assert!(first.may_tell(&quick));
        assert!(!first.may_tell(&old));
        let next = Open { runs: [].into(), seen: [old.id, going.id, quick.id].into(), ..Open::default() };
        assert!(![&old, &going, &quick].into_iter().any(|run| next.may_tell(run)));
    }

    #[test]
    fn a_question_is_new_once() {
        let id = AttentionId::fresh();
        let before = Open { is_first: false, ..Open::default() };
        let now = Open { questions: [id].into(), is_first: false, ..Open::default() };
        assert_eq!(now.new_questions(&before), [id]);
        assert!(now.new_questions(&now).is_empty());
        assert!(now.new_questions(&Open::default()).is_empty(), "it was open when the desk was started");
    }

    #[test]
    fn names_cannot_draw_over_the_notice() {
        let notice = ended(vec![run("a\u{202e}\nb", 1, 0)]).notice(Language::English).unwrap();
        assert!(!notice.title.contains(['\n', '\u{202e}']), "{}", notice.title);
    }
}
