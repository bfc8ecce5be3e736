// Numbers as people read them: decimal sizes, binary part sizes, speeds and spans that keep their width.

import { numberFormat } from './intl';

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
  const shown = numberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
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

/** A speed as its number and its unit, for a figure whose unit is drawn small. */
export function measureSpeed(bytesPerSecond: number, locale: string): Measure {
  const { value, unit } = measureBytes(bytesPerSecond, locale);
  return { value, unit: `${unit}/s` };
}

/** “34%”, as the language writes it. Only what is whole reads 100%. */
export function formatPercent(part: number, whole: number, locale: string): string {
  const percent = whole > 0 ? Math.min(100, Math.max(0, Math.floor((part * 100) / whole))) : 0;
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(percent / 100);
}

export function formatNumber(value: number, locale: string): string {
  return numberFormat(locale).format(value);
}

/**
 * A number as a remote writes it, `1250000.00`, as the language does: every digit stays, however many there are. What is
 * no such number stays as it is. Whole ones of four digits are not parted: they may be years.
 */
export function formatDecimal(text: string, locale: string): string {
  const found = /^([+-]?)0*(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return text;
  const [, sign = '', whole = '', fraction] = found;
  const point = numberFormat(locale).formatToParts(1.1).find((part) => part.type === 'decimal')?.value ?? '.';
  const grouped = fraction === undefined && whole.length < 5 ? whole : numberFormat(locale).format(BigInt(whole));
  return `${sign === '-' ? '-' : ''}${grouped}${fraction === undefined ? '' : `${point}${fraction}`}`;
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

const SPAN_UNITS = { d: 'day', h: 'hour', min: 'minute', s: 'second' } as const;

/** “4 min 10 sec”, “2 Std. 5 Min.”: its two largest units. A unit of zero behind the first is left out. */
export function formatSpan(milliseconds: number, locale: string): string {
  const [first, ...rest] = splitSpan(milliseconds);
  const parts = [...(first ? [first] : []), ...rest.filter((part) => part.value > 0)];
  return parts
    .map(({ unit, value }) => numberFormat(locale, { style: 'unit', unit: SPAN_UNITS[unit], unitDisplay: 'short' }).format(value))
    .join(' ');
}

/** “0:42” until a moment that lies ahead. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
