//! Everything that this connector says in words of its own.

waybill_connector::phrases! {
    ADDRESS = "address", "Server found";
    SIGNED_IN = "signed-in", "Signed in";
    FIRST_CALL = "first-call", "The folder can be read";
    OFFERS = "offers", "What the server offers";
    RIGHTS = "rights", "What this account may do there";
    CHECKSUM = "wrong-checksum", "Wrong checksum refused";
    PRODUCT = "product", "{product} {version}";
    MAY = "may", "this account may do there what a {role} may";
    FOLDERS_ONLY = "folders-only", "it is a list; only the folders in it say what may be done";
    LISTS_ONLY = "lists-only", "nothing can be put there, only into the folders in it";
    NO_LIMIT = "no-limit", "files of any size are taken";
    LIMIT = "limit", "files of up to {size} are taken";
    OUTSIDERS_ANY = "outsiders-any", "outsiders may be invited";
    OUTSIDERS_SOME = "outsiders-some", "only some outsiders may be invited: an administrator keeps a list of their addresses";
    CHECKSUM_TAKEN = "checksum-taken", "the server takes bytes whose checksum is another, so files are read again to prove them";
    VERSIONS_KEPT = "versions-kept", "versions older than {days} days are removed there";
    TO_TRASH = "to-trash", "It goes to the trash of the server, where whoever may can restore it. What lies in a net folder has no trash and is gone for good.";
    NO_TRASH = "no-trash", "what is removed from a net folder is gone for good";
    SHARES_COLUMN = "shares", "Shares";
    LOCKED_COLUMN = "locked", "Locked by";
    VERSION_COLUMN = "version", "Version";
    FILTER_FILES = "filter-files", "Find files";
    FILTER_FOLDERS = "filter-folders", "Find folders";
}
