// This file was made by `script/bindings`. Do not edit it.
import { invoke as __TAURI_INVOKE, Channel } from "@tauri-apps/api/core";
import * as __TAURI_EVENT from "@tauri-apps/api/event";

export type Count = number;
export type Time = number;
export type StateView = "queued" | "preparing" | "transferring" | "verifying" | "done" | "waiting" | "paused" | "skipped" | "needs-attention" | "failed" | "cancelled";
export type PaceView = "running" | "waiting" | "needs-you" | "failed" | "done";
export type EvidenceView = "none" | "sent" | "accepted" | "matched" | "confirmed";
export type ProofView = "sha256" | "md5" | "read-back";
export type RequiredProofView = "accepted" | "matched";
export type ConflictRuleView = "overwrite" | "skip" | "keep-both" | "newer" | "ask";
export type SideView = "source" | "destination" | "desk";
export type FailureKindView = "not-found" | "already-exists" | "denied" | "unauthenticated" | "invalid" | "too-large" | "quota-exceeded" | "locked" | "held" | "rate-limited" | "unsupported" | "changed" | "truncated" | "checksum-mismatch" | "host-key-changed" | "host-key-unknown" | "unreachable" | "timed-out" | "vendor";
export type StoryEventView = "claimed" | "started" | "accepted" | "settled" | "skipped" | "delayed" | "due" | "failed" | "asked" | "answered" | "paused" | "resumed" | "cancelled" | "retry-asked" | "interrupted";
export type HealthView = "well" | "untested" | "failed" | "needs-attention";
export type StepOutcomeView = "passed" | "noted" | "failed" | "skipped";
export type TopicView = "transfers" | "runs" | "connections" | "attention";
export type PickView = "files" | "folder" | "file";

export type FailureView = { kind: FailureKindView; side: SideView; message: string; code: string | null };
export type EndView = { connection: string | null; connectionName: string; path: string };
export type TransferView = {
	id: string; run: string; name: string; source: EndView; destination: EndView; size: Count | null; confirmed: Count;
	state: StateView; evidence: EvidenceView; requiredProof: RequiredProofView; proof: ProofView | null; failure: FailureView | null;
	dueAt: Time | null; attempts: number; createdAt: Time; startedAt: Time | null; finishedAt: Time | null;
};
export type TransferFilterView = { pace: PaceView | null; text: string | null; run: string | null };
export type TransferPageView = { rows: TransferView[]; next: string | null };
export type TransferCountsView = { running: Count; waiting: Count; needsYou: Count; failed: Count; done: Count; matchedToday: Count };
export type RunView = { id: string; name: string; createdAt: Time; enumerating: boolean; files: Count; matched: Count; done: Count; failed: Count; bytes: Count; confirmedBytes: Count };
export type StoryLineView = { at: Time; event: StoryEventView; failure: FailureView | null; detail: string | null };
export type PartsView = { done: Count; total: Count; size: Count };
export type TransferDetailsView = { transfer: TransferView; sha256: string | null; parts: PartsView | null; story: StoryLineView[] };

export type ChoiceView = { value: string; label: string };
export type FieldKindView = { type: "text" } | { type: "number"; min: Count; max: Count } | { type: "flag" } | { type: "choice"; choices: ChoiceView[] } | { type: "file" } | { type: "folder" } | { type: "secret" };
export type ShownIfView = { key: string; values: string[] };
export type FieldSpecView = { key: string; label: string; help: string; kind: FieldKindView; required: boolean; default: string | null; advanced: boolean; shownIf: ShownIfView | null };
export type ConnectorSpecView = { kind: string; title: string; summary: string; fields: FieldSpecView[] };
export type SettingView = { key: string; value: string };
export type ConnectionView = {
	id: string; name: string; kind: string; settings: SettingView[]; health: HealthView; healthDetail: string | null;
	lastGoodAt: Time | null; latencyMs: Count | null; remarks: string[]; waiting: Count;
};
export type ConnectionDraft = { name: string; kind: string; settings: SettingView[]; secrets: SettingView[] };
export type TestStepView = { name: string; outcome: StepOutcomeView; detail: string; milliseconds: Count };
export type TestReportView = { steps: TestStepView[]; failure: FailureView | null };

export type FactView = { key: string; value: string };
export type AttentionKindView = "host-key-unknown" | "host-key-changed" | "unauthenticated" | "conflict" | "vault" | "other";
export type AttentionView = {
	id: string; kind: AttentionKindView; connection: string | null; connectionName: string | null; transfer: string | null;
	run: string | null; raisedAt: Time; facts: FactView[];
};
export type AnswerView =
	| { answer: "trust-host-key"; fingerprint: string }
	| { answer: "replace-host-key"; fingerprint: string }
	| { answer: "conflict"; rule: ConflictRuleView; forAllOfRun: boolean }
	| { answer: "new-secret"; key: string; value: string }
	| { answer: "dismiss" };

export type SendDraft = { sources: string[]; connection: string; folder: string; conflict: ConflictRuleView; proof: RequiredProofView };
export type AboutView = { version: string; home: string; demo: boolean; operator: string };
export type ProgressView = { id: string; confirmed: Count; bytesPerSecond: Count };

export type FieldProblemView = { key: string; reason: string };
export type IpcError =
	| { code: "remote"; failure: FailureView }
	| { code: "settings"; problems: FieldProblemView[] }
	| { code: "name-taken"; name: string }
	| { code: "not-here"; what: string }
	| { code: "not-now"; message: string }
	| { code: "in-use"; name: string; waiting: Count }
	| { code: "wrong-fingerprint" }
	| { code: "vault"; message: string }
	| { code: "database"; message: string }
	| { code: "disk"; message: string }
	| { code: "internal"; message: string };

export type TopicsChanged = { topics: TopicView[] };
export type AttentionRaised = { attention: AttentionView };
