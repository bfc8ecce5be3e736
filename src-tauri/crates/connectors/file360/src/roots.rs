//! The lists in which an account finds everything: its own files, what others share with it, and so on.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Root {
    MyFiles,
    SharedWithMe,
    SharedByMe,
    NetFolders,
    Public,
    Teams,
}

impl Root {
    /// In the order in which they are shown.
    pub(crate) const ALL: [Self; 6] =
        [Self::MyFiles, Self::SharedWithMe, Self::SharedByMe, Self::NetFolders, Self::Public, Self::Teams];

    /// Its number, the same on every server.
    pub(crate) fn id(self) -> i64 {
        match self {
            Self::MyFiles => -100,
            Self::SharedWithMe => -101,
            Self::SharedByMe => -102,
            Self::NetFolders => -103,
            Self::Public => -104,
            Self::Teams => -105,
        }
    }

    /// What people call it. Paths begin with it where a connection shows all; the server's own titles follow its language.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::MyFiles => "My Files",
            Self::SharedWithMe => "Shared with Me",
            Self::SharedByMe => "Shared by Me",
            Self::NetFolders => "Net Folders",
            Self::Public => "Public",
            Self::Teams => "My Teams",
        }
    }

    /// The value of the setting, and what its address ends in.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::MyFiles => "my_files",
            Self::SharedWithMe => "shared_with_me",
            Self::SharedByMe => "shared_by_me",
            Self::NetFolders => "net_folders",
            Self::Public => "public_shares",
            Self::Teams => "my_teams",
        }
    }

    pub(crate) fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|root| root.word() == word)
    }

    pub(crate) fn by_title(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|root| root.title() == title)
    }

    pub(crate) fn by_id(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|root| root.id() == id)
    }

    /// Whether it only shows what lies elsewhere: nothing is put into it, and what it shows is not removed or renamed there.
    pub(crate) fn is_list(self) -> bool {
        self != Self::MyFiles
    }
}
