export { EntrySide, type EntrySideProps } from './entry-side';
export { FillDialog } from './forms';
