// Formats of numbers and moments, each made once: making one takes longer than drawing the row that it is for.

const made = new Map<string, unknown>();

function once<T>(kind: string, locale: string, options: object, make: () => T): T {
  const key = `${kind} ${locale} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

export function momentFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // A format keeps the zone that it was made in, and somebody may travel while the window is open.
  return once(`moment ${new Date().getTimezoneOffset()}`, locale, options, () => new Intl.DateTimeFormat(locale, options));
}

export function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return once('number', locale, options, () => new Intl.NumberFormat(locale, options));
}

export function spanFormat(locale: string): Intl.RelativeTimeFormat {
  return once('span', locale, {}, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
}
