// Numbers as people read them: decimal sizes, binary part sizes, speeds and spans that keep their width.

export interface Measure {
  value: string;
  unit: string;
}

const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

function scaled(bytes: number, base: number, units: readonly string[], locale: string): Measure {
  let value = bytes;
  let step = 0;
  // 999.5 rounds to 1000, which belongs to the next unit.
  while (value >= base - 0.5 && step < units.length - 1) {
    value /= base;
    step += 1;
  }
  const digits = step === 0 || value >= 99.95 ? 0 : 1;
  const shown = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return { value: shown.format(value), unit: units[step] ?? 'B' };
}

/** 18.4 MB. Files and totals are decimal, as disks and invoices count. */
export function measureBytes(bytes: number, locale: string): Measure {
  return scaled(bytes, 1000, DECIMAL, locale);
}

/** 16 MiB. Parts are binary where the protocol is. */
export function formatPartSize(bytes: number, locale: string): string {
  const { value, unit } = scaled(bytes, 1024, BINARY, locale);
  return `${value.replace(/[.,]0$/, '')} ${unit}`;
}

export function formatBytes(bytes: number, locale: string): string {
  const { value, unit } = measureBytes(bytes, locale);
  return `${value} ${unit}`;
}

/** “2.9 of 4.7 GB”: the unit stands once if both sides share it. */
export function bytesOfBytes(done: number, total: number, locale: string): { done: string; total: string } {
  const left = measureBytes(done, locale);
  const right = measureBytes(total, locale);
  const same = left.unit === right.unit;
  return { done: same ? left.value : `${left.value} ${left.unit}`, total: `${right.value} ${right.unit}` };
}

export function formatSpeed(bytesPerSecond: number, locale: string): string {
  return `${formatBytes(bytesPerSecond, locale)}/s`;
}

export function formatNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** The two largest units of a span, as numbers: minutes and seconds, hours and minutes, days and hours. */
export function splitSpan(milliseconds: number): { unit: 'd' | 'h' | 'min' | 's'; value: number }[] {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return [{ unit: 's', value: seconds }];
  if (seconds < 3600)
    return [{ unit: 'min', value: Math.floor(seconds / 60) }, { unit: 's', value: seconds % 60 }];
  if (seconds < 86_400)
    return [{ unit: 'h', value: Math.floor(seconds / 3600) }, { unit: 'min', value: Math.floor((seconds % 3600) / 60) }];
  return [{ unit: 'd', value: Math.floor(seconds / 86_400) }, { unit: 'h', value: Math.floor((seconds % 86_400) / 3600) }];
}

/** “0:42” until a moment that lies ahead. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
