//! Everything that a folder says in words of its own.

waybill_connector::phrases! {
    FOUND = "folder-found", "Folder found";
    LIST = "list", "List";
    WRITE_READ = "write-read-back", "Write, read back";
    NO_OVERWRITE = "no-overwrite", "No overwrite";
    CLEAN_UP = "clean-up", "Clean up";
    ENTRIES = "entries", "{count} entries";
    ENTRIES_AND_MORE = "entries-and-more", "{count} entries and more";
    SYNCED = "synced", "synced to the disk";
    ONLY_A_SOURCE = "only-a-source", "it can be read and not written: a source only";
    REFUSES_TO_REPLACE = "refuses-to-replace", "the file system refuses to replace in one step";
    NAME_TAKEN_FIRST = "name-taken-first", "a name is taken first and then filled; a crash can leave it empty";
    BY_HAND = "by-hand", "it has to be removed by hand";
    MAY_REPLACE = "may-replace", "This file system has no rename that refuses to replace: a file that another program makes at the same instant may be replaced.";
    NO_MODES = "no-modes", "The file system does not keep permission bits.";
    NO_TIMES = "no-times", "The file system does not keep the time of modification.";
    NO_SYNC = "no-sync", "The file system does not confirm that bytes are on the disk.";
    NO_RENAME = "no-rename", "The file system has no rename that refuses to replace; the name was taken first.";
}
