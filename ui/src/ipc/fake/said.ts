import type { SaidView } from '../bindings';

export function said(code: string, text: string, parameters: Record<string, string> = {}): SaidView {
  return { code, text, parameters: Object.entries(parameters).map(([key, value]) => ({ key, value })) };
}
