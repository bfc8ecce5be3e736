//! Questions that a server asks while somebody signs in, and that no vault can answer: a one-time code.
//!
//! An answer goes from its field through one command to whoever waits for it. Nothing is kept: neither question nor
//! answer reaches the store, the log or a file, and an answer is never sent back to the window.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::{sync::oneshot, time::Instant};
use waybill_desk::{Ask, Question};

use crate::views::{IpcError, QuestionView};

/// How long a question waits. OpenSSH ends a sign-in after two minutes, so an answer that comes later is for nobody.
pub(crate) const PATIENCE: Duration = Duration::from_secs(110);

/// The questions that are open now.
pub(crate) struct Questions {
    open: Mutex<Open>,
    patience: Duration,
    /// Hears what is open whenever that changes.
    tell: Box<dyn Fn(Vec<QuestionView>) + Send + Sync>,
}

#[derive(Default)]
struct Open {
    last: u64,
    waiting: BTreeMap<u64, Waiting>,
}

struct Waiting {
    question: Question,
    until: Instant,
    /// Takes the answers, or `None` where the person wants no more of it.
    answer: oneshot::Sender<Option<Vec<SecretString>>>,
}

impl std::fmt::Debug for Questions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Questions").field("open", &self.lock().waiting.len()).finish_non_exhaustive()
    }
}

impl Questions {
    pub(crate) fn new(patience: Duration, tell: impl Fn(Vec<QuestionView>) + Send + Sync + 'static) -> Self {
        Self { open: Mutex::default(), patience, tell: Box::new(tell) }
    }

    /// What is open, oldest first.
    pub(crate) fn list(&self) -> Vec<QuestionView> {
        let open = self.lock();
        let now = Instant::now();
        let view = |(id, one): (&u64, &Waiting)| QuestionView::new(*id, &one.question, one.until - now);
        open.waiting.iter().map(view).collect()
    }

    /// Hands over one answer a prompt; `None` gives the sign-in up.
    pub(crate) fn answer(&self, id: &str, answers: Option<Vec<SecretString>>) -> Result<(), IpcError> {
        let over = || IpcError::NotNow { message: "the question is no longer open".to_owned() };
        let id: u64 = id.parse().map_err(|_| over())?;
        let mut open = self.lock();
        let waiting = open.waiting.get(&id).ok_or_else(over)?;
        if answers.as_ref().is_some_and(|answers| answers.len() != waiting.question.prompts.len()) {
            return Err(IpcError::Invalid { message: "each prompt needs one answer".to_owned() });
        }
        let waiting = open.waiting.remove(&id).ok_or_else(over)?;
        drop(open);
        // Whoever asked may have gone meanwhile; the answer is dropped with the channel.
        waiting.answer.send(answers).map_err(|_| over())
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, question: Question) -> (Standing<'_>, oneshot::Receiver<Option<Vec<SecretString>>>) {
        let (answer, answered) = oneshot::channel();
        let mut open = self.lock();
        open.last += 1;
        let id = open.last;
        open.waiting.insert(id, Waiting { question, until: Instant::now() + self.patience, answer });
        drop(open);
        (self.tell)(self.list());
        (Standing { questions: self, id }, answered)
    }
}

/// Closes its question with its end: answered, out of time, or nobody asks any more.
struct Standing<'a> {
    questions: &'a Questions,
    id: u64,
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        self.questions.lock().waiting.remove(&self.id);
        (self.questions.tell)(self.questions.list());
    }
}

#[async_trait]
impl Ask for Questions {
    async fn ask(&self, question: Question) -> Option<Vec<SecretString>> {
        let (_standing, answered) = self.open(question);
        tokio::time::timeout(self.patience, answered).await.ok()?.ok()?
    }
}

#[cfg(test)]
mod tests;
