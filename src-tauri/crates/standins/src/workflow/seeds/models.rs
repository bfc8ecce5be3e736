//! The company's models, built from steps and ways.

use crate::workflow::model::{DataField, Flow, Kind, Node, PersonTask, Process, Wait};

/// A process that is being built.
struct Builder {
    process: Process,
}

impl Builder {
    fn new(key: &str, name: &str, documentation: &str) -> Self {
        let process = Process {
            key: key.to_owned(),
            name: name.to_owned(),
            documentation: Some(documentation.to_owned()),
            category: Some("http://tarnwick.example/processes".to_owned()),
            ..Process::default()
        };
        Self { process }
    }

    fn data(mut self, name: &str, kind: &str) -> Self {
        self.process.data.push(DataField { name: name.to_owned(), kind: kind.to_owned(), value: None });
        self
    }

    fn step(mut self, id: &str, name: &str, kind: Kind) -> Self {
        let (id, name) = (id.to_owned(), name.to_owned());
        self.process.nodes.push(Node { id, name, documentation: None, kind, bounds: None });
        self
    }

    fn start(self) -> Self {
        self.step("start", "Start", Kind::Start { message: None })
    }

    fn end(self, id: &str, name: &str) -> Self {
        self.step(id, name, Kind::End { terminates: false })
    }

    /// A task of a group: what is asked, its outcomes with the variable they go into, and the days it may take.
    fn task(self, id: &str, name: &str, group: &str, (variable, outcomes): (&str, &str), days: u32) -> Self {
        let task = PersonTask {
            groups: vec![group.to_owned()],
            task_type: Some("approval".to_owned()),
            outcome_variable: Some(variable.to_owned()),
            possible_outcomes: Some(outcomes.to_owned()),
            due: Some(format!("P{days}D")),
            ..PersonTask::default()
        };
        self.step(id, name, Kind::Person(Box::new(task)))
    }

    fn choice(self, id: &str) -> Self {
        self.step(id, "", Kind::Exclusive)
    }

    fn way(self, from: &str, to: &str) -> Self {
        self.flow(from, to, None, false)
    }

    fn way_if(self, from: &str, to: &str, condition: &str) -> Self {
        self.flow(from, to, Some(condition), false)
    }

    fn way_else(self, from: &str, to: &str) -> Self {
        self.flow(from, to, None, true)
    }

    fn flow(mut self, from: &str, to: &str, condition: Option<&str>, is_default: bool) -> Self {
        self.process.flows.push(Flow {
            id: format!("flow{}", self.process.flows.len() + 1),
            name: String::new(),
            from: from.to_owned(),
            to: to.to_owned(),
            condition: condition.map(str::to_owned),
            is_default,
        });
        self
    }
}

const DECISION: (&str, &str) = ("approvalStatus", "Approve:approved,Reject:rejected");
const REJECTED: &str = "${approvalStatus == \"rejected\"}";

fn contract() -> Process {
    Builder::new("contractApproval", "Contract approval", "Line manager first, then the executive above 1,000 EUR.")
        .data("contract_id", "string")
        .start()
        .task("lineManagerApproval", "Line manager approval", "Contract Managers", DECISION, 3)
        .choice("decided")
        .choice("isLarge")
        .task("executiveApproval", "Executive approval", "Executive", DECISION, 5)
        .choice("executiveDecided")
        .end("approved", "Approved")
        .end("rejected", "Rejected")
        .way("start", "lineManagerApproval")
        .way("lineManagerApproval", "decided")
        .way_if("decided", "rejected", REJECTED)
        .way_else("decided", "isLarge")
        .way_if("isLarge", "executiveApproval", "${contract.properties.value > 1000}")
        .way_else("isLarge", "approved")
        .way("executiveApproval", "executiveDecided")
        .way_if("executiveDecided", "rejected", REJECTED)
        .way_else("executiveDecided", "approved")
        .process
}

fn invoice() -> Process {
    Builder::new("invoiceApproval", "Invoice approval", "Accounts payable checks; above 10,000 the executive signs.")
        .data("invoiceNumber", "string")
        .data("amount", "int")
        .start()
        .task("checkInvoice", "Check invoice ${invoiceNumber}", "Accounts Payable", DECISION, 4)
        .choice("checked")
        .task("releasePayment", "Release payment of ${amount} ${currency}", "Executive", DECISION, 2)
        .choice("released")
        .end("paid", "Paid")
        .end("refused", "Refused")
        .way("start", "checkInvoice")
        .way("checkInvoice", "checked")
        .way_if("checked", "refused", REJECTED)
        .way_if("checked", "releasePayment", "${amount > 10000}")
        .way_else("checked", "paid")
        .way("releasePayment", "released")
        .way_if("released", "refused", REJECTED)
        .way_else("released", "paid")
        .process
}

fn project() -> Process {
    let stages = [
        ("projectManager", "Review by project management", "Project Management"),
        ("quality", "Review by quality assurance", "Quality Assurance"),
        ("finance", "Review by finance", "Finance"),
        ("executive", "Review by the executive", "Executive"),
    ];
    let mut builder =
        Builder::new("projectReview", "Project review", "Four stages, each of which can send a deliverable back.")
            .start();
    let mut before = "start".to_owned();
    for (id, name, group) in stages {
        let gate = format!("{id}Decided");
        builder = builder.task(id, name, group, DECISION, 2).choice(&gate).way(&before, id).way(id, &gate);
        builder = builder.way_if(&gate, "returned", REJECTED);
        before = gate;
    }
    builder
        .end("accepted", "Accepted")
        .end("returned", "Returned")
        .way_else(&before, "accepted")
        .process_with_defaults()
}

impl Builder {
    /// The process, where the last way without a condition out of each choice is its default.
    fn process_with_defaults(mut self) -> Process {
        let choices = self.process.nodes.iter().filter(|node| node.kind == Kind::Exclusive);
        let choices: Vec<String> = choices.map(|node| node.id.clone()).collect();
        for flow in &mut self.process.flows {
            flow.is_default = flow.condition.is_none() && choices.contains(&flow.from);
        }
        self.process
    }
}

fn brand() -> Process {
    Builder::new("brandApproval", "Brand approval", "Brand always, legal and the region where they are asked.")
        .data("assetName", "string")
        .data("market", "string")
        .start()
        .step("split", "", Kind::Inclusive)
        .task("brandCheck", "Brand check of ${assetName}", "Brand", ("brandStatus", DECISION.1), 2)
        .task("legalCheck", "Legal check of ${assetName}", "Legal", ("legalStatus", DECISION.1), 3)
        .task("regionalCheck", "Check for ${market}", "Regional ${market}", ("regionalStatus", DECISION.1), 3)
        .step("join", "", Kind::Inclusive)
        .end("done", "Done")
        .way("start", "split")
        .way("split", "brandCheck")
        .way_if("split", "legalCheck", "${execution.getVariable('legalReview') == true}")
        .way_if("split", "regionalCheck", "${not empty execution.getVariable('market')}")
        .way("brandCheck", "join")
        .way("legalCheck", "join")
        .way("regionalCheck", "join")
        .way("join", "done")
        .process
}

fn compliance() -> Process {
    let outcomes = ("retentionDecision", "Retain:retain,Archive:archive,Delete:delete");
    Builder::new("complianceReview", "Compliance review", "What becomes of documents whose time is over.")
        .start()
        .task("decide", "Decide on ${documents} documents", "Compliance", outcomes, 10)
        .choice("decided")
        .task("confirmDeletion", "Confirm the deletion", "Records", ("deletionStatus", DECISION.1), 5)
        .end("done", "Done")
        .way("start", "decide")
        .way("decide", "decided")
        .way_if("decided", "confirmDeletion", "${retentionDecision == 'delete'}")
        .way_else("decided", "done")
        .way("confirmDeletion", "done")
        .process
}

fn exception() -> Process {
    let outcomes = ("correction", "Resubmit:resubmitted,Give up:abandoned");
    Builder::new("exceptionHandling", "Exception handling", "A file that breaks a rule is corrected and sent again.")
        .data("fileName", "string")
        .data("failedRule", "string")
        .start()
        .task("correct", "Correct ${fileName}", "Operations", outcomes, 1)
        .choice("corrected")
        .step("validate", "Validate the replacement", Kind::Worker { topic: "validate-document".to_owned() })
        .choice("validated")
        .end("done", "Done")
        .end("abandoned", "Abandoned")
        .way("start", "correct")
        .way("correct", "corrected")
        .way_if("corrected", "abandoned", "${correction == 'abandoned'}")
        .way_else("corrected", "validate")
        .way("validate", "validated")
        .way_if("validated", "correct", "${execution.getVariable('isValid') == false}")
        .way_else("validated", "done")
        .process
}

fn external() -> Process {
    let reminder =
        Kind::Boundary { host: "awaitRevision".to_owned(), interrupts: false, wait: Wait::For("P7D".to_owned()) };
    let mail = Kind::Mail {
        to: "${initiator}".to_owned(),
        subject: "Still no revision from ${counterparty}".to_owned(),
        text: "The review was sent a week ago.".to_owned(),
    };
    Builder::new("externalReview", "External review", "A document goes out; its revision moves the process on.")
        .data("counterparty", "string")
        .start()
        .task("sendOut", "Send to ${counterparty}", "Legal", ("sendStatus", "Sent:sent"), 2)
        .step("awaitRevision", "Wait for the revision", Kind::Receive)
        .task("compare", "Compare the revisions", "Legal", DECISION, 3)
        .step("reminder", "After a week", reminder)
        .step("remind", "Remind", mail)
        .end("done", "Done")
        .end("reminded", "Reminded")
        .way("start", "sendOut")
        .way("sendOut", "awaitRevision")
        .way("awaitRevision", "compare")
        .way("compare", "done")
        .way("reminder", "remind")
        .way("remind", "reminded")
        .process
}

fn request() -> Process {
    let outcomes = ("requestStatus", "Fulfil:fulfilled,Decline:declined");
    Builder::new("assetRequest", "Asset request", "Somebody needs a picture; marketing finds it.")
        .data("wanted", "string")
        .start()
        .task("find", "Find: ${wanted}", "Marketing", outcomes, 3)
        .end("done", "Done")
        .way("start", "find")
        .way("find", "done")
        .process
}

/// All of them.
pub(super) fn all() -> Vec<Process> {
    let mut all = vec![invoice(), contract(), project(), brand(), compliance(), exception(), external(), request()];
    all.iter_mut().for_each(Process::lay_out);
    all
}
