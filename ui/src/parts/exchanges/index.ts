export { ExchangesDialog } from './exchanges-dialog';
