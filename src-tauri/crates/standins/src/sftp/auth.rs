//! Who may sign in, and how.

use std::{borrow::Cow, sync::PoisonError};

use russh::{MethodKind, MethodSet, keys::PublicKey, server::Auth};

use super::Server;

/// How far `keyboard-interactive` has come on one connection.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Asked {
    #[default]
    Nothing,
    Password,
    Code,
}

impl Server {
    pub(super) fn method_set(&self) -> MethodSet {
        let mut set = MethodSet::empty();
        for (on, method) in [
            (self.methods.public_key, MethodKind::PublicKey),
            (self.methods.password, MethodKind::Password),
            (self.methods.interactive, MethodKind::KeyboardInteractive),
        ] {
            if on {
                set.push(method);
            }
        }
        set
    }

    pub(super) fn accepts_password(&self, user: &str, password: &str) -> Auth {
        let right = self.methods.password && user == self.user && password == self.password;
        self.answered("password", user, right)
    }

    pub(super) fn accepts_key(&self, user: &str, key: &PublicKey) -> Auth {
        self.answered("publickey", user, self.knows_key(user, key))
    }

    pub(super) fn knows_key(&self, user: &str, key: &PublicKey) -> bool {
        user == self.user && self.authorized.iter().any(|known| known.key_data() == key.key_data())
    }

    /// One round of questions and answers.
    pub(super) fn interact(&self, user: &str, asked: &mut Asked, answer: Option<&[u8]>) -> Auth {
        if !self.methods.interactive {
            return Auth::reject();
        }
        let (stage, Some(answer)) = (*asked, answer) else {
            *asked = Asked::Password;
            return question("Password: ", false);
        };
        *asked = Asked::Nothing;
        match stage {
            Asked::Password if user == self.user && answer == self.password.as_bytes() => {
                if self.methods.codes {
                    *asked = Asked::Code;
                    question("One-time code: ", true)
                } else {
                    self.answered("keyboard-interactive", user, true)
                }
            }
            Asked::Code => {
                let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
                let found = codes.iter().position(|code| code.as_bytes() == answer);
                if let Some(at) = found {
                    codes.swap_remove(at);
                }
                self.answered("keyboard-interactive", user, found.is_some())
            }
            _ => self.answered("keyboard-interactive", user, false),
        }
    }

    fn answered(&self, method: &str, user: &str, right: bool) -> Auth {
        let refused = !self.faults.take("userauth", user).is_empty();
        let number = self.faults.begin("userauth", method, user);
        let accepted = right && !refused;
        self.faults.amend(number, |record| record.status = Some(u16::from(!accepted)));
        if accepted { Auth::Accept } else { Auth::reject() }
    }
}

fn question(prompt: &'static str, echo: bool) -> Auth {
    Auth::Partial {
        name: Cow::Borrowed(""),
        instructions: Cow::Borrowed(""),
        prompts: Cow::Owned(vec![(Cow::Borrowed(prompt), echo)]),
    }
}
