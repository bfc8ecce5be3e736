//! The table that a run ends with.

use std::fmt;

use super::Ability;

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As the contract says.
    Passed,
    /// Otherwise, and how.
    Failed(String),
    /// It could not be staged, and why.
    NotApplicable(String),
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The ability that the case belongs to.
    pub ability: Ability,
    /// The case as a sentence.
    pub case: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// Abilities and cases of one connector.
#[derive(Debug, Clone)]
pub struct Report {
    name: String,
    /// The filter that was in force.
    only: Option<String>,
    /// In the order they ran.
    pub rows: Vec<Row>,
    /// Abilities that the connector does not hand out.
    pub absent: Vec<Ability>,
}

impl Report {
    pub(super) fn new(name: String, only: Option<String>) -> Self {
        Self { name, only, rows: Vec::new(), absent: Vec::new() }
    }

    pub(super) fn absent(&mut self, ability: Ability) {
        self.absent.push(ability);
    }

    pub(super) fn push(&mut self, ability: Ability, case: String, outcome: Outcome) {
        self.rows.push(Row { ability, case, outcome });
    }

    /// Fails an ability none of whose cases ran. A filtered run is exempt.
    pub(super) fn close(&mut self, ability: Ability) {
        let ran =
            self.rows.iter().any(|row| row.ability == ability && !matches!(row.outcome, Outcome::NotApplicable(_)));
        if !ran && self.only.is_none() {
            let why = "the ability is handed out and no case exercises it".to_owned();
            self.push(ability, "has a case that runs".to_owned(), Outcome::Failed(why));
        }
    }

    fn count(&self, fits: impl Fn(&Outcome) -> bool) -> usize {
        self.rows.iter().filter(|row| fits(&row.outcome)).count()
    }

    /// How many cases passed.
    pub fn passed(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::Passed)
    }

    /// How many cases failed.
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// How many cases could not be staged.
    pub fn not_applicable(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::NotApplicable(_)))
    }

    /// Only what failed, for the message of the test.
    pub fn failures(&self) -> String {
        let lines = self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Failed(why) => Some(format!("\n  {:<18} {}: {why}", row.ability, row.case)),
            Outcome::Passed | Outcome::NotApplicable(_) => None,
        });
        format!("{}: {} of {} cases failed{}", self.name, self.failed(), self.rows.len(), lines.collect::<String>())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "conformance of {}", self.name)?;
        if let Some(only) = &self.only {
            writeln!(f, "  only the cases that hold `{only}`")?;
        }
        for row in &self.rows {
            let (mark, detail) = match &row.outcome {
                Outcome::Passed => ("pass", String::new()),
                Outcome::Failed(why) => ("FAIL", format!(": {why}")),
                Outcome::NotApplicable(why) => (" -  ", format!(": not applicable: {why}")),
            };
            writeln!(f, "  {mark}  {:<18} {}{detail}", row.ability, row.case)?;
        }
        for ability in &self.absent {
            writeln!(f, "   .    {ability:<18} not handed out")?;
        }
        write!(f, "  {} passed, {} failed, {} not applicable", self.passed(), self.failed(), self.not_applicable())
    }
}
