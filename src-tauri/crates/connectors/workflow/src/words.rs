//! Everything that this connector says in words of its own.

waybill_connector::phrases! {
    SERVICE_FOUND = "service-found", "Sign-in service found";
    SIGNED_IN = "signed-in", "Signed in";
    FIRST_CALL = "first-call", "Tasks can be read";
    TASKS_WAIT = "tasks-wait", "{count} tasks are in the inbox of {user}";
    NO_USER = "no-user", "no person is named, so no inbox can be shown; enter the person's e-mail address";
}
