//! Everything that this connector says in words of its own.

waybill_connector::phrases! {
    ANSWERS = "tenant-answers", "The tenant answers";
    CLOCK = "clock", "This computer's clock";
    CLOCK_OFF = "clock-off", "this computer's clock differs from Canto's by {seconds} s; links may end at another time than asked";
    SIGNED_IN = "signed-in", "Signed in";
    FIRST_CALL = "first-call", "Account read";
    ROOT_FOUND = "root-found", "Folder found";
    RIGHTS = "rights", "Rights";
    NO_RIGHTS_TOLD = "no-rights-told", "Canto does not say what this account may do";
    CANNOT_UPLOAD = "cannot-upload", "this account may not upload, so nothing can be written";
    CANNOT_APPROVE = "cannot-approve", "this account may not approve, so no decision can be written";
    UPLOADS = "uploads", "Uploads possible";
    MAPPED_FIELDS = "mapped-fields", "Mapped fields";
    FIELDS_MISSING = "fields-missing", "the library has no custom field {names}; what is mapped to it stays empty";
    NONE_MAPPED = "none-mapped", "no custom field is mapped";
    NO_FILES_AT_TOP = "no-files-at-top", "The library itself holds no files: write into a folder.";
    VERSIONS_STAY = "versions-stay", "Canto keeps every version; its interface can remove none.";
    COLUMN_APPROVAL = "column-approval", "Approval";
    COLUMN_KIND = "column-kind", "Kind";
    COLUMN_STATUS = "column-status", "Status";
    COLUMN_RIGHTS = "column-rights", "Rights";
    COLUMN_LICENCE = "column-licence", "Licence";
    COLUMN_EXPIRY = "column-expiry", "Expires";
    COLUMN_REGION = "column-region", "Region";
}
