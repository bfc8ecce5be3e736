// What was said with web services, as far as it is kept in memory.
import type { ExchangeView } from '../bindings';

export interface ExchangeCalls {
  /** The newest first. Secrets in it are masked. */
  exchanges(): Promise<ExchangeView[]>;
  forgetExchanges(): Promise<null>;
}
