//! Everything that this connector says in words of its own.

waybill_connector::phrases! {
    ANSWERS = "server-answers", "Content Server answers";
    SIGNED_IN = "signed-in", "Signed in";
    FIRST_CALL = "root-found", "Root folder found";
    RIGHTS = "rights-known", "Rights of this account";
    RECORDS = "records-management", "Records management";
    WORKSPACES = "business-workspaces", "Business workspaces";
    LARGE_FILES = "large-files", "Large files";
    TO_RECYCLE_BIN = "to-recycle-bin", "It goes to the recycle bin of the server with all its versions, and can be restored there until the bin is emptied.";
    VERSION = "server-version", "version {version}";
    AS_USER = "as-user", "as {user}";
    MAY_FILE = "may-file", "this account may file, change and delete in {folder}";
    MAY_NOT = "may-not", "in {folder} this account may not: {rights}; its administrator can allow it";
    NO_RECORDS = "no-records", "there is no records management, or this account may not use it";
    THERE = "there", "it is there";
    NO_WORKSPACES = "no-workspaces", "there are no business workspaces, or this account may not use them";
    WORKSPACE_KINDS = "workspace-kinds", "{count} kinds of workspaces";
    LARGE_TO = "large-to", "files from {from} on go in parts, up to {to}";
    NO_LARGE = "no-large", "every file goes in one piece; a limit of the web server in front applies";
    WHOLE_FILE = "whole-file", "A transfer that breaks off sends its file again from the beginning.";
    KIND = "column-kind", "Kind";
    CATEGORIES = "column-categories", "Categories";
    RESERVED_BY = "column-reserved-by", "Reserved by";
    OWNER = "column-owner", "Owner";
    DESCRIPTION = "column-description", "Description";
    FILTER_NAME = "filter-name", "Words of the name";
    FILTER_KIND = "filter-kind", "Kind";
    KIND_DOCUMENT = "kind-document", "Document";
    KIND_FOLDER = "kind-folder", "Folder";
    KIND_WORKSPACE = "kind-workspace", "Business workspace";
    KIND_EMAIL = "kind-email", "E-mail";
    KIND_COMPOUND = "kind-compound", "Compound document";
    FILTER_FROM = "filter-changed-from", "Changed on or after";
    FILTER_TO = "filter-changed-to", "Changed on or before";
    FILTER_MEDIA = "filter-media", "Media type";
    FILTER_MEDIA_HELP = "filter-media-help", "such as application/pdf";
    FILTER_ATTRIBUTE = "filter-attribute", "Attribute of a category";
    FILTER_ATTRIBUTE_HELP = "filter-attribute-help", "its key and the value, such as 5001_2=INV-4711";
}
