export { EntrySide, type EntrySideProps } from './entry-side';
