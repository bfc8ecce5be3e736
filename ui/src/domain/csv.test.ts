import { describe, expect, it } from 'vitest';
import { parseTable, separatorOf } from './csv';

describe('a table', () => {
  it('is cut where its own separator stands and not within quotes', () => {
    expect(parseTable('a;b;c\n"1;2";"say ""hi""";3\n')).toEqual({ rows: [['a', 'b', 'c'], ['1;2', 'say "hi"', '3']], columns: 3, separator: ';' });
    expect(parseTable('x,"two\nlines"\r\ny,').rows).toEqual([['x', 'two\nlines'], ['y', '']]);
    expect(separatorOf('a\tb\n1,5\t2,5\n')).toBe('\t');
  });

  it('hides nothing of what does not fit', () => {
    expect(parseTable('a,b\n1\n1,2,3\n\n"open, to the end').rows).toEqual([['a', 'b'], ['1'], ['1', '2', '3'], ['open, to the end']]);
    expect(parseTable('').rows).toEqual([]);
  });

  it('of a hundred thousand rows is read whole', () => {
    const { rows, columns } = parseTable('2026-11-21;4711;"a; quoted";19,95;EUR\n'.repeat(100_000));
    expect([rows.length, columns, rows[99_999]?.[2]]).toEqual([100_000, 5, 'a; quoted']);
  });
});
