use std::{collections::BTreeMap, sync::Arc};

use camino::Utf8PathBuf;
use tokio::sync::mpsc;
use waybill_desk::{ConnectionDraft, Desk, Health, Paths, SystemClock, TestReport, assemble};
use waybill_model::ConnectionId;
use waybill_standins::sftp::{Options, SftpStandin};
use waybill_vault::Vaults;

use super::*;

const CODE: &str = "246810-canary";

fn question() -> Question {
    Question {
        connection: "partner".to_owned(),
        instructions: String::new(),
        prompts: vec![("Code: ".to_owned(), true)],
    }
}

/// Questions, and what is told of them.
fn asked(patience: Duration) -> (Arc<Questions>, mpsc::UnboundedReceiver<Vec<QuestionView>>) {
    let (told, hear) = mpsc::unbounded_channel();
    (Arc::new(Questions::new(patience, move |open| told.send(open).unwrap())), hear)
}

/// A desk with one connection to a server that wants a code after the password.
struct Scene {
    desk: Desk,
    connection: ConnectionId,
    questions: Arc<Questions>,
    hear: mpsc::UnboundedReceiver<Vec<QuestionView>>,
    home: tempfile::TempDir,
    _server: SftpStandin,
}

impl Scene {
    async fn open() -> Self {
        let server = SftpStandin::start(Options { one_time_codes: vec![CODE.to_owned()], ..Options::default() });
        let server = server.await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let folder = Utf8PathBuf::from_path_buf(home.path().join("desk")).unwrap();
        let desk = assemble(Paths::new(folder), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
        let (questions, hear) = asked(PATIENCE);
        desk.set_ask(questions.clone());
        let settings = [
            ("host", server.host().to_string()),
            ("port", server.port().to_string()),
            ("user", "waybill".to_owned()),
            ("auth", "interactive".to_owned()),
            ("host_key", server.fingerprint()),
        ];
        let draft = ConnectionDraft {
            name: "partner".to_owned(),
            kind: "sftp".to_owned(),
            settings: settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            secrets: BTreeMap::from([("password".to_owned(), SecretString::from(server.password()))]),
            ..ConnectionDraft::default()
        };
        let connection = desk.add_connection(draft).await.unwrap();
        Self { desk, connection, questions, hear, home, _server: server }
    }

    /// Tests the connection, while `person` does something about the first question.
    async fn test(&mut self, person: impl FnOnce(&Questions, &QuestionView)) -> TestReport {
        let (desk, id) = (self.desk.clone(), self.connection);
        let test = tokio::spawn(async move { desk.test_connection(id, &mut |_| {}).await.unwrap() });
        let open = self.hear.recv().await.unwrap();
        assert_eq!(open.len(), 1);
        person(&self.questions, &open[0]);
        let report = test.await.unwrap();
        assert!(self.questions.list().is_empty(), "nothing stays open");
        report
    }
}

#[tokio::test]
async fn a_code_that_is_typed_signs_in_and_is_kept_nowhere() {
    let mut scene = Scene::open().await;
    let report = scene
        .test(|questions, question| {
            assert_eq!(question.shown(), ("partner", vec![("One-time code:".to_owned(), true)]));
            questions.answer(question.id(), Some(vec![SecretString::from(CODE)])).unwrap();
        })
        .await;
    assert!(report.error.is_none(), "{:?}", report.error);
    for entry in fs_err::read_dir(scene.home.path().join("desk")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs_err::read(&path).unwrap();
        assert!(
            !bytes.windows(CODE.len()).any(|window| window == CODE.as_bytes()),
            "{} holds the code",
            path.display()
        );
    }
}

#[tokio::test]
async fn a_question_that_is_called_off_stops_the_connection_and_says_why() {
    let mut scene = Scene::open().await;
    let report = scene.test(|questions, question| questions.answer(question.id(), None).unwrap()).await;
    let error = report.error.unwrap();
    assert!(error.to_string().contains("asks a question that nobody answered"), "{error}");
    let open = scene.desk.attention().await.unwrap();
    assert_eq!(open[0].row.facts.get("unanswered").and_then(|fact| fact.as_str()), Some("1"), "the window knows why");
    assert_eq!(scene.desk.connection(scene.connection).await.unwrap().health, Health::Stopped);
}

#[tokio::test]
async fn a_wrong_code_is_a_refused_sign_in() {
    let mut scene = Scene::open().await;
    let wrong = || Some(vec![SecretString::from("000000")]);
    let report = scene.test(|questions, question| questions.answer(question.id(), wrong()).unwrap()).await;
    let text = report.error.unwrap().to_string();
    assert!(text.contains("does not accept"), "{text}");
    assert!(!text.contains("000000"), "{text}");
}

#[tokio::test]
async fn a_question_that_nobody_answers_closes_by_itself() {
    let (questions, mut hear) = asked(Duration::from_millis(1));
    assert!(questions.ask(question()).await.is_none());
    assert_eq!(hear.recv().await.unwrap().len(), 1);
    assert_eq!(hear.recv().await.unwrap().len(), 0, "the window hears that it is over");
}

#[tokio::test]
async fn a_question_whose_asker_is_gone_closes_by_itself() {
    let (questions, mut hear) = asked(PATIENCE);
    let asker = tokio::spawn({
        let questions = Arc::clone(&questions);
        async move { questions.ask(question()).await }
    });
    let id = hear.recv().await.unwrap()[0].id().to_owned();
    asker.abort();
    assert_eq!(hear.recv().await.unwrap().len(), 0);
    let late = questions.answer(&id, Some(vec![SecretString::from("1")]));
    assert!(matches!(late, Err(IpcError::NotNow { .. })), "{late:?}");
}

#[tokio::test]
async fn an_answer_with_a_prompt_left_out_is_refused_and_the_question_stays() {
    let (questions, mut hear) = asked(PATIENCE);
    let asker = tokio::spawn({
        let questions = Arc::clone(&questions);
        async move { questions.ask(question()).await }
    });
    let id = hear.recv().await.unwrap()[0].id().to_owned();
    assert!(matches!(questions.answer(&id, Some(Vec::new())), Err(IpcError::Invalid { .. })));
    questions.answer(&id, Some(vec![SecretString::from("1")])).unwrap();
    assert_eq!(asker.await.unwrap().unwrap().len(), 1);
}
