// The words of the window. Every sentence comes from here, in the reader's language.
export { m } from './compiled/messages';
export { getLocale as locale, locales, overwriteGetLocale, type Locale } from './compiled/runtime';
export { describeFailure, failureTag, failureWords, isVaultClosedFailure, type Remedy } from './failures';
export { inWords, sayIn } from './connectors';
export { describeError, sentence } from './errors';
export { endName, evidenceMeaning, evidenceWord, keyNames, proofWord, ruleWord, stateWord } from './words';
export { storySentence } from './story';
