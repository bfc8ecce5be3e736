import { expect, it } from 'vitest';
import { fileKind, folderOf, lastName, shownName, typedFolder } from './path';

it('a path is taken apart at its last separator, whichever system wrote it', () => {
  expect(lastName('/home/a/b.pdf')).toBe('b.pdf');
  expect(lastName('D:\\Matter 2291\\media\\')).toBe('media');
  expect(folderOf('/2291/media/x.mov')).toBe('/2291/media/');
});

it('a name cannot break its line or turn its writing direction', () => {
  expect(shownName('invoice\nfdp.exe')).toBe('invoice␊fdp.exe');
  expect(shownName('invoice\u202Efdp.exe')).toBe('invoice⟨202E⟩fdp.exe');
  expect(shownName('Prüfbericht 🙂.pdf')).toBe('Prüfbericht 🙂.pdf');
});

it('a typed folder begins with a slash and does not end in one', () => {
  expect(typedFolder('')).toBe('/');
  expect(typedFolder(' in/2027/ ')).toBe('/in/2027');
});

it('a name that is only a dot and letters has no kind', () => {
  expect(fileKind('Scan.PDF')).toBe('pdf');
  expect(fileKind('.pdf')).toBe('plain');
});
