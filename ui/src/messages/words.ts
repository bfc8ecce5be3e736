// One word for each state, grade, proof and rule. Total by type.
import type { ConflictRuleView, EndView, EvidenceView, ProofView, StateView } from '@/ipc';
import { m } from './compiled/messages';

const STATES: Record<StateView, () => string> = {
  queued: m.state_queued,
  preparing: m.state_preparing,
  transferring: m.state_transferring,
  verifying: m.state_verifying,
  done: m.state_done,
  waiting: m.state_waiting,
  paused: m.state_paused,
  skipped: m.state_skipped,
  'needs-attention': m.state_needs_attention,
  failed: m.state_failed,
  cancelled: m.state_cancelled,
};

const GRADES: Record<EvidenceView, [word: () => string, meaning: () => string]> = {
  none: [m.evidence_none, m.evidence_none_means],
  sent: [m.evidence_sent, m.evidence_sent_means],
  accepted: [m.evidence_accepted, m.evidence_accepted_means],
  matched: [m.evidence_matched, m.evidence_matched_means],
  confirmed: [m.evidence_confirmed, m.evidence_confirmed_means],
};

const PROOFS: Record<ProofView, () => string> = {
  sha256: m.proof_sha256,
  md5: m.proof_md5,
  'read-back': m.proof_read_back,
};

const RULES: Record<ConflictRuleView, () => string> = {
  ask: m.rule_ask,
  overwrite: m.rule_overwrite,
  skip: m.rule_skip,
  'keep-both': m.rule_keep_both,
  newer: m.rule_newer,
};

export const stateWord = (state: StateView): string => STATES[state]();
export const evidenceWord = (grade: EvidenceView): string => GRADES[grade][0]();
export const evidenceMeaning = (grade: EvidenceView): string => GRADES[grade][1]();
export const proofWord = (proof: ProofView): string => PROOFS[proof]();
export const ruleWord = (rule: ConflictRuleView): string => RULES[rule]();

/** What one end of a transfer is called. */
export const endName = (end: EndView): string => end.connectionName ?? m.this_computer();

const KEYS: Record<string, () => string> = {
  Ctrl: m.key_name_ctrl,
  Shift: m.key_name_shift,
  Del: m.key_name_del,
  Delete: m.key_name_delete,
  Enter: m.key_name_enter,
  Space: m.key_name_space,
};

/** Keys as the keyboards of the language have them. */
export const keyNames = (keys: string): string => keys.replaceAll(/[A-Z][a-z]+/g, (key) => KEYS[key]?.() ?? key);
