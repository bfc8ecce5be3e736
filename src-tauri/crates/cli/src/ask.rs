//! Asking the person at the terminal. Off a terminal nobody is asked.

use std::io::{self, IsTerminal as _, Write as _};

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use waybill_desk::{Answer, Ask, AttentionKind, Desk, Question};
use waybill_model::ConflictRule;

use crate::exit::CommandError;

/// Whether somebody can read a question and type an answer.
pub(crate) fn somebody_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// A line from the terminal; empty where it was closed.
pub(crate) fn line(question: &str) -> io::Result<String> {
    write!(io::stderr(), "{question} ")?;
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// The passphrase of the encrypted secrets file; typed twice where it is a new one.
pub(crate) fn passphrase(new: bool) -> io::Result<SecretString> {
    loop {
        let typed = SecretString::from(rpassword::prompt_password("Passphrase of the secrets file: ")?);
        if !new {
            return Ok(typed);
        }
        let again = SecretString::from(rpassword::prompt_password("The same again: ")?);
        if typed.expose_secret() == again.expose_secret() && !typed.expose_secret().is_empty() {
            return Ok(typed);
        }
        writeln!(io::stderr(), "They differ, or are empty.")?;
    }
}

/// Answers a server's questions from the terminal.
#[derive(Debug)]
pub(crate) struct Terminal;

#[async_trait]
impl Ask for Terminal {
    async fn ask(&self, question: Question) -> Option<Vec<SecretString>> {
        if !somebody_is_there() {
            return None;
        }
        tokio::task::spawn_blocking(move || answers(&question).ok()).await.ok().flatten()
    }
}

fn answers(question: &Question) -> io::Result<Vec<SecretString>> {
    let shown = waybill_model::names::shown(&question.instructions);
    writeln!(io::stderr(), "{} asks: {shown}", question.connection)?;
    let mut answers = Vec::new();
    for (prompt, visible) in &question.prompts {
        let prompt = waybill_model::names::shown(prompt);
        let answer = if *visible { line(&prompt)? } else { rpassword::prompt_password(format!("{prompt} "))? };
        answers.push(SecretString::from(answer));
    }
    Ok(answers)
}

/// Shows an unknown host key and asks whether it is the right one.
pub(crate) fn trusts(connection: &str, fingerprint: &str) -> io::Result<bool> {
    writeln!(
        io::stderr(),
        "The server of {connection} is not known yet. Its key is\n  {fingerprint}\nCompare it with what its administrator says."
    )?;
    Ok(matches!(line("Is it the right one? (yes/no)")?.as_str(), "yes" | "y"))
}

/// Puts the open questions to the person. Answers whether one was answered, so that going on makes sense.
pub(crate) async fn settle(desk: &Desk) -> Result<bool, CommandError> {
    let mut answered = false;
    for question in desk.attention().await? {
        let fact =
            |key: &str| question.row.facts.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let connection = question.connection.clone().unwrap_or_default();
        let answer = match question.row.kind {
            AttentionKind::HostKeyUnknown => {
                let fingerprint = fact("fingerprint");
                trusts(&connection, &fingerprint)?.then_some(Answer::TrustHostKey { fingerprint })
            }
            AttentionKind::Conflict => {
                let path = waybill_model::names::shown(&fact("path"));
                let word =
                    line(&format!("{connection}:{path} is already there: overwrite, skip, keep-both or newer?"))?;
                let rule = ConflictRule::from_word(&word).filter(|rule| *rule != ConflictRule::Ask);
                rule.map(|rule| Answer::Conflict { rule, for_all: false })
            }
            _ => None,
        };
        if let Some(answer) = answer {
            desk.answer(question.row.id, answer).await?;
            answered = true;
        }
    }
    Ok(answered)
}
