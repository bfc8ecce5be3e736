import { commands } from '../bindings';
import type { ExchangeCalls } from '../ports/exchanges';
import { ask } from './ask';

export const exchangeCalls: ExchangeCalls = {
  exchanges: () => ask(commands.exchangesList()),
  forgetExchanges: () => ask(commands.exchangesForget()),
};
