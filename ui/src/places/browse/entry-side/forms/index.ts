export { FillDialog } from './fill-dialog';
export { Forms } from './forms';
