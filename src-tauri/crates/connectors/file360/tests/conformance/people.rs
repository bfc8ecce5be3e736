//! Other people at work there: those who are shared with, asked, who say something and who reserve a file.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use serde_json::json;
use waybill_connector::{
    FileRequest,
    conformance::{CommentBench, LockBench, RequestBench, ShareBench},
};
use waybill_model::{Millis, RemotePath};
use waybill_net::Payload;
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    file360::{OPERATOR, PASSWORD, REVIEWER, SUPPLIER},
};

use crate::bench::Bench;

impl Bench {
    fn lose(&self, path: &str) {
        self.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path(path));
    }

    /// Lets somebody else change what lies in the folder.
    async fn let_in(&self, path: &RemotePath) {
        let reviewer = self.ask(REVIEWER, "/self").await["id"].clone();
        let entry = self.entry(path).await;
        let share = json!({ "recipient": { "type": "user", "id": reviewer }, "access": { "role": "EDITOR" } });
        self.post(OPERATOR, &format!("/folder_entries/{entry}/shares"), share).await;
    }
}

#[async_trait]
impl ShareBench for Bench {
    fn person(&self) -> (String, String) {
        (REVIEWER.to_owned(), "Ahlb".to_owned())
    }
    fn group(&self) -> Option<String> {
        Some("auditors".to_owned())
    }
    fn outsider(&self) -> Option<String> {
        Some("new@supplier.example".to_owned())
    }
    fn forbidden(&self) -> Option<String> {
        Some("anybody@blocked.example".to_owned())
    }
    fn now(&self) -> Millis {
        Self::time()
    }
    async fn can_read(&self, person: &str, path: &RemotePath) -> bool {
        let found = self.find(path).await.unwrap();
        let address = format!("/files/{}", found["id"].as_str().unwrap());
        self.say(person, Method::GET, &address, Payload::Nothing).await.status == 200
    }
    async fn pass(&self, time: Duration) -> bool {
        self.server.advance_clock(time);
        true
    }
    async fn lose_answer(&self) -> bool {
        self.lose("/shares");
        true
    }
}

#[async_trait]
impl RequestBench for Bench {
    fn outsider(&self) -> String {
        SUPPLIER.to_owned()
    }
    fn forbidden(&self) -> Option<String> {
        Some("anybody@blocked.example".to_owned())
    }
    fn now(&self) -> Millis {
        Self::time()
    }
    async fn deliver(&self, request: &FileRequest, name: &str, bytes: &[u8]) -> bool {
        let folder = self.folder(&request.folder).await;
        let account = json!({ "email": request.from, "password": PASSWORD });
        self.sandbox(Method::POST, "/accounts", account).await;
        self.upload(&request.from, &folder, name, bytes).await.status == 200
    }
    async fn lose_answer(&self) -> bool {
        self.lose("/library_folders");
        self.lose("/shares");
        true
    }
}

#[async_trait]
impl CommentBench for Bench {
    async fn comment_as_another(&self, path: &RemotePath, text: &str) -> (String, String) {
        self.let_in(path).await;
        let entry = self.entry(path).await;
        let body = json!({ "description": { "text": text, "format": 0 } });
        let reply = self.post(REVIEWER, &format!("/folder_entries/{entry}/replies"), body).await;
        (reply["id"].to_string(), REVIEWER.to_owned())
    }
    async fn lose_answer(&self) -> bool {
        self.lose("/replies");
        true
    }
}

#[async_trait]
impl LockBench for Bench {
    async fn lock_as_another(&self, path: &RemotePath) -> String {
        self.let_in(path).await;
        let address = format!("/folder_entries/{}/reservation", self.entry(path).await);
        let told = self.say(REVIEWER, Method::PUT, &address, Payload::Nothing).await;
        assert_eq!(told.status, 200, "{told:?}");
        REVIEWER.to_owned()
    }
}
