//! The page on which a person picks who they are, and the pages that only say something.

use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;

use crate::workflow::parameters::Parameters;
use crate::workflow::people::Member;

/// A text that is safe within HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem;\
    color:#1c2430;background:#f5f6f8}button{display:block;width:100%;text-align:left;font:inherit;margin:.4rem 0;\
    padding:.6rem .9rem;border:1px solid #c5ccd6;border-radius:6px;background:#fff;cursor:pointer}\
    button:hover,button:focus{border-color:#2a5db0}small{color:#5b6675;display:block}";

fn page(title: &str, inner: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>\
         </head><body><h1>{title}</h1>{inner}</body></html>"
    )
}

/// A page that says one thing.
pub(super) fn words(status: StatusCode, title: &str, text: &str) -> Response {
    (status, Html(page(&escape(title), &format!("<p>{}</p>", escape(text))))).into_response()
}

/// The sign-in: one button a person. What the client asked travels in hidden fields.
pub(super) fn choice(tenant: &str, asked: &Parameters, members: &[&Member]) -> Response {
    let hidden = asked
        .pairs()
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value)));
    let buttons = members.iter().map(|member| {
        let person = &member.person;
        format!(
            "<button type=\"submit\" name=\"person\" value=\"{}\">{}<small>{}: {}</small></button>",
            escape(&person.email),
            escape(&person.name),
            escape(&person.email),
            escape(&person.groups.join(", ")),
        )
    });
    let form = format!(
        "<p>This stand-in knows these people. Nobody needs a password.</p>\
         <form method=\"post\" action=\"/tenants/{}/oauth2/auth/sign-in\">{}{}</form>",
        escape(tenant),
        hidden.collect::<String>(),
        buttons.collect::<String>(),
    );
    Html(page("Sign in", &form)).into_response()
}
