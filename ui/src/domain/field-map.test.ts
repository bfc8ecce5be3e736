import { describe, expect, it } from 'vitest';
import { madeOf, moved, placesOf, readMap, textOf, withKind, withSource, withText, writeMap } from './field-map';

describe('the text and its rows', () => {
  it('are the same map, one row a line', () => {
    const text = '[\n  {"target":"order","pointer":"/data/order"},\n  {"target":"due","pointer":"/due","type":"date","format":"%d.%m.%Y"}\n]';
    expect(writeMap(readMap(text) ?? [])).toBe(text);
    expect(readMap('  ')).toEqual([]);
    expect(writeMap([])).toBe('');
  });

  it.each(['{', '{}', '[1]', '["a"]'])('%s is no list of rows', (text) => expect(readMap(text)).toBeNull());

  it('keep what nobody here knows', () => {
    expect(withText({ target: 'a', note: [1] }, 'target', 'b')).toEqual({ target: 'b', note: [1] });
  });
});

describe('a row', () => {
  it('loses what is emptied, but never its target or where its value comes from', () => {
    expect(withText({ target: 'a', pointer: '/a', default: 'x' }, 'default', '')).toEqual({ target: 'a', pointer: '/a' });
    expect(withText({ target: 'a', pointer: '/a' }, 'pointer', '')).toEqual({ target: 'a', pointer: '' });
  });

  it('keeps a constant as it is typed, and a list as a list', () => {
    expect(withText({}, 'constant', '007')).toEqual({ constant: '007' });
    expect(withText({}, 'constant', '["a", 2]')).toEqual({ constant: ['a', 2] });
    expect(textOf({ constant: ['a', 2] }, 'constant')).toBe('["a",2]');
  });

  it('carries its place into a template and back', () => {
    const template = withSource({ target: 'a', pointer: '/x/y' }, 'template');
    expect(template).toEqual({ target: 'a', template: '{/x/y}' });
    expect(withSource(template, 'pointer')).toEqual({ target: 'a', pointer: '/x/y' });
    expect(withSource({ target: 'a', pointer: '/x' }, 'constant')).toEqual({ target: 'a', constant: '' });
  });

  it('forgets what was said about another kind', () => {
    const date = withKind({ target: 'a', pointer: '/x', type: 'number', decimal: ',' }, 'date');
    expect(date).toEqual({ target: 'a', pointer: '/x', type: 'date' });
    expect(withKind(date, 'text')).toEqual({ target: 'a', pointer: '/x' });
  });

  it('goes one place further, and no further than the ends', () => {
    const rows = [{ target: 'a' }, { target: 'b' }];
    expect(moved(rows, 0, 1)).toEqual([{ target: 'b' }, { target: 'a' }]);
    expect(moved(rows, 0, -1)).toEqual(rows);
  });
});

describe('the places of a sample', () => {
  it('are its values and lists, in its order, with their names escaped', () => {
    const places = placesOf('{"data": {"a/b": 1, "~": "x", "tags": ["p", {"q": null}], "none": {}}}');
    expect(places).toEqual([
      { pointer: '/data/a~1b', shown: '1' },
      { pointer: '/data/~0', shown: '"x"' },
      { pointer: '/data/tags', shown: '["p",{"q":null}]' },
      { pointer: '/data/tags/0', shown: '"p"' },
      { pointer: '/data/tags/1/q', shown: 'null' },
    ]);
  });

  it('are none where it is no JSON, and end somewhere', () => {
    expect(placesOf('{')).toEqual([]);
    expect(placesOf(JSON.stringify(Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`k${at}`, at]))))).toHaveLength(300);
  });
});

it('what a row made is found by its target', () => {
  expect(madeOf('{"vendor": {"name": "North"}, "due": 3}', 'vendor/name')).toBe('"North"');
  expect(madeOf('{"due": 3}', ' /due')).toBe('3');
  expect(madeOf('{"due": 3}', 'vendor/name')).toBeNull();
  expect(madeOf('null', 'a')).toBeNull();
});
