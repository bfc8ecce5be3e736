// Moments in the reader's own time zone and language.

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

/** A time today, else a date: what a list needs to tell rows apart. */
export function formatMoment(at: number, now: number, locale: string, seconds = false): string {
  const date = new Date(at);
  if (sameDay(date, new Date(now))) {
    const second = seconds ? ({ second: '2-digit' } as const) : {};
    return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', ...second, hour12: false }).format(date);
  }
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...year }).format(date);
}

/** The whole moment, for the title of a shortened one. */
export function formatExact(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hour12: false }).format(new Date(at));
}
