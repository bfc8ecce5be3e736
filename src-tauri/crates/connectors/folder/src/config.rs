//! The settings of a folder connection.

use std::path::PathBuf;

use waybill_connector::{ConnectorError, ConnectorSpec, FieldKind, FieldSpec, Learned, OpenContext, Result};
use waybill_model::FailureKind;

/// Files at once where nothing else is set; a spinning disk or a mounted folder gains nothing from more.
const PARALLEL: u32 = 4;
/// Small files at once: more of them share one sync of their folder.
const PARALLEL_SMALL: u32 = 16;

/// What the connector is made of.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The folder that is `/` of the connection; `None` for the whole file system.
    pub(crate) root: Option<PathBuf>,
    pub(crate) parallel: u32,
    pub(crate) parallel_small: u32,
    pub(crate) learned: Learned,
}

impl Config {
    pub(crate) fn read(context: OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let invalid = |message: String| ConnectorError::new(FailureKind::Invalid, "open", message);
        let root = settings
            .get("root")
            .ok_or_else(|| invalid(format!("the connection {} needs the setting `root`, a folder", context.name)))?;
        let root = PathBuf::from(root);
        if !root.is_absolute() {
            return Err(invalid(format!("the root `{}` has to be an absolute path", root.display())));
        }
        let parallel = settings.number::<u32>("parallel");
        Ok(Self {
            root: Some(root),
            parallel: parallel.unwrap_or(PARALLEL).max(1),
            parallel_small: parallel.unwrap_or(PARALLEL_SMALL).max(1),
            learned: context.learned,
        })
    }

    pub(crate) fn whole_computer() -> Self {
        Self { root: None, parallel: PARALLEL, parallel_small: PARALLEL_SMALL, learned: Learned::default() }
    }
}

pub(crate) fn spec() -> ConnectorSpec {
    let number = |min, max| FieldKind::Number { min, max };
    ConnectorSpec {
        kind: "folder",
        title: "Folder",
        summary: "A folder of this computer, or one that is mounted from a server",
        fields: vec![
            FieldSpec {
                kind: FieldKind::Folder,
                required: true,
                ..FieldSpec::text("root", "Folder", "an absolute path; the connection sees only what lies below")
                    .leading()
            },
            FieldSpec {
                kind: number(1, 64),
                advanced: true,
                ..FieldSpec::text("parallel", "Files at once", "1 to 64; 4 files, or 16 small ones, where left empty")
            },
            FieldSpec {
                kind: number(1, 1 << 40),
                advanced: true,
                ..FieldSpec::text("bandwidth", "Bandwidth", "bytes a second over all files; no limit where left empty")
            },
        ],
        phrases: crate::words::ALL,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use waybill_connector::{NobodyToAsk, Secrets, Settings, validate};

    use super::*;

    fn context(pairs: &[(&str, &str)]) -> OpenContext {
        OpenContext {
            name: "archive".to_owned(),
            settings: pairs.iter().copied().collect(),
            secrets: Secrets::new(),
            learned: Learned::default(),
            ask: Arc::new(NobodyToAsk),
            network: waybill_connector::Network::default(),
        }
    }

    #[test]
    fn a_root_that_is_not_absolute_is_refused_by_name() {
        let error = Config::read(context(&[("root", "here")])).unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
        assert!(error.to_string().contains("`here`"), "{error}");
    }

    #[test]
    fn one_file_at_once_means_small_ones_too() {
        let config = Config::read(context(&[("root", "/srv"), ("parallel", "1")])).unwrap();
        assert_eq!((config.parallel, config.parallel_small), (1, 1));
    }

    #[test]
    fn the_root_is_the_only_setting_that_is_needed() {
        let problems = validate(&spec(), &Settings::default(), &BTreeSet::new());
        assert_eq!(problems.into_iter().map(|p| p.key).collect::<Vec<_>>(), ["root"]);
        let all = Settings::from_iter([("root", "/srv"), ("parallel", "8"), ("bandwidth", "1000000")]);
        assert_eq!(validate(&spec(), &all, &BTreeSet::new()), []);
    }
}
