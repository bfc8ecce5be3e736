//! A case, and how it stops early.

use futures::future::BoxFuture;

use super::{Ability, Scene};
use crate::ConnectorError;

/// Why a case stopped before its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// The connector broke its contract.
    Failed(String),
    /// The connector or its fixture cannot stage it.
    NotApplicable(String),
}

impl From<ConnectorError> for Stop {
    fn from(error: ConnectorError) -> Self {
        Self::Failed(format!("`{}` failed: {}: {error}", error.operation, error.kind.as_str()))
    }
}

/// How a case ends.
pub(super) type Ending<T = ()> = Result<T, Stop>;

/// One behaviour. It runs on a place of its own.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) ability: Ability,
    /// The function's name, by which a fixture excuses it.
    pub(super) name: &'static str,
    pub(super) run: for<'a> fn(&'a Scene) -> BoxFuture<'a, Ending>,
}

impl Case {
    /// The name as a sentence.
    pub(super) fn title(&self) -> String {
        self.name.replace('_', " ")
    }
}

/// The cases of one ability, each an async function of the scene.
macro_rules! cases {
    ($ability:ident: $($case:ident),+ $(,)?) => {
        pub(super) fn cases() -> Vec<super::case::Case> {
            vec![$(super::case::Case {
                ability: super::Ability::$ability,
                name: stringify!($case),
                run: |scene| Box::pin($case(scene)),
            }),+]
        }
    };
}

/// Fails the case unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($why:tt)+) => {
        if !$condition {
            return Err(super::case::Stop::Failed(format!($($why)+)));
        }
    };
}

/// Fails the case unless both are equal.
macro_rules! ensure_eq {
    ($left:expr, $right:expr, $($why:tt)+) => {
        match (&$left, &$right) {
            (left, right) if left == right => {}
            (left, right) => {
                let why = format!($($why)+);
                return Err(super::case::Stop::Failed(format!("{why}: got {left:?}, expected {right:?}")));
            }
        }
    };
}

/// Ends the case as one that this connector or fixture cannot stage.
macro_rules! not_applicable {
    ($($why:tt)+) => {
        return Err(super::case::Stop::NotApplicable(format!($($why)+)))
    };
}

pub(super) use {cases, ensure, ensure_eq, not_applicable};
