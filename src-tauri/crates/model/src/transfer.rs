//! What a transfer is asked to do.

use serde::{Deserialize, Serialize};

use crate::{ConflictRule, ConnectionId, FilledForm, Millis, RemotePath, RequiredProof};

/// A path on a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The place; [`ConnectionId::LOCAL`] for this computer.
    pub connection: ConnectionId,
    /// Where it lies there.
    pub path: RemotePath,
}

/// What a source looked like, to notice that it changed. Equal stamps do not prove equal bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Last modification, where the remote tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Millis>,
    /// The remote's own mark of this revision: an S3 version id, else its `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Set where a person agreed to exactly this: the transfer does that, or fails as changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Agreed>,
}

/// What a person said yes to. The source is read only as its stamp has it, an earlier version as that version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "over", content = "seen")]
pub enum Agreed {
    /// What lies at the target is for the run's conflict rule.
    Anything,
    /// Nothing had that name at the target.
    Nothing,
    /// What was seen at the target is replaced, and nothing else.
    This(Box<Stamp>),
}

impl Stamp {
    /// The same stamp, for a transfer that was agreed on just as it was shown.
    #[must_use]
    pub fn agreed(self, agreed: Agreed) -> Self {
        Self { agreed: Some(agreed), ..self }
    }

    /// Whether nothing speaks against both being one revision. A listing may tell less than a look at the entry itself:
    /// whole seconds, or an `ETag` instead of a version id; what only one of them tells is not compared.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let kind = |version: &str| version.split(':').next().map(str::to_owned);
        let same_version = match (&self.version, &other.version) {
            (Some(ours), Some(theirs)) if kind(ours) == kind(theirs) => ours == theirs,
            _ => true,
        };
        let same_time = match (self.modified, other.modified) {
            (Some(ours), Some(theirs)) if ours.0 % 1000 == 0 || theirs.0 % 1000 == 0 => {
                ours.0.div_euclid(1000) == theirs.0.div_euclid(1000)
            }
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        };
        self.size == other.size && same_version && same_time
    }
}

/// What happens to the source, only ever after *matched*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "then", content = "to")]
pub enum AfterSource {
    /// It stays.
    #[default]
    Keep,
    /// It is deleted.
    Delete,
    /// It is moved into this folder of its own connection.
    Move(RemotePath),
}

/// How the files of a run are to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TransferOptions {
    /// When something is already there.
    #[serde(default)]
    pub conflict: ConflictRule,
    /// The grade to reach.
    #[serde(default)]
    pub proof: RequiredProof,
    /// What happens to the source afterwards.
    #[serde(default)]
    pub after: AfterSource,
    /// The metadata that every file of it carries at the target from its first moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<FilledForm>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn stamp(size: u64, modified: Option<i64>, version: Option<&str>) -> Stamp {
        Stamp { size, modified: modified.map(Millis), version: version.map(str::to_owned), agreed: None }
    }

    #[test]
    fn what_was_agreed_on_is_kept_with_the_stamp_and_an_older_row_has_nothing_of_it() {
        let seen = Agreed::This(Box::new(stamp(2, Some(7), None)));
        let agreed = stamp(1, None, Some("v:a")).agreed(seen);
        let kept = serde_json::to_string(&agreed).unwrap();
        assert_eq!(serde_json::from_str::<Stamp>(&kept).unwrap(), agreed);
        assert_eq!(serde_json::from_str::<Stamp>(r#"{"size":1}"#).unwrap(), stamp(1, None, None));
        assert_eq!(serde_json::to_string(&stamp(1, None, None)).unwrap(), r#"{"size":1}"#);
    }

    #[test]
    fn the_metadata_of_a_run_is_kept_with_it_and_an_older_row_has_none() {
        let value = crate::AttributeValue::One("Aldgate".to_owned());
        let form = FilledForm { form: "5".to_owned(), values: [("5_2".to_owned(), value)].into() };
        let options = TransferOptions { forms: vec![form], ..TransferOptions::default() };
        let kept = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<TransferOptions>(&kept).unwrap(), options);
        assert_eq!(serde_json::from_str::<TransferOptions>(r#"{"conflict":"ask"}"#).unwrap().forms, []);
    }

    #[rstest]
    #[case(stamp(1, Some(1_234), Some("v:a")), stamp(1, Some(1_000), Some("e:b")), true)]
    #[case(stamp(1, Some(1_234), None), stamp(1, Some(1_235), None), false)]
    #[case(stamp(1, Some(1_000), None), stamp(1, Some(2_000), None), false)]
    #[case(stamp(1, None, Some("v:a")), stamp(1, None, Some("v:b")), false)]
    #[case(stamp(1, None, None), stamp(2, None, None), false)]
    #[case(stamp(1, Some(5), None), stamp(1, None, None), true)]
    fn only_what_both_tell_is_compared(#[case] one: Stamp, #[case] other: Stamp, #[case] agrees: bool) {
        assert_eq!(one.agrees_with(&other), agrees);
        assert_eq!(other.agrees_with(&one), agrees);
    }
}
