export { type Gate, type Sent, useGate } from './gate';
export { MetadataQuestion } from './metadata-question';
export { type Metadata, useMetadata } from './use-metadata';
