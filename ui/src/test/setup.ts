// What jsdom lacks and the window needs: a size for what is scrolled, and one language for all tests.
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';
import { clearToasts } from '@/kit/toast';
import { overwriteGetLocale } from '@/messages';
import { setBusy } from '@/parts/busy';
import { answerMetadata, closeDialog, closeTask } from '@/parts/open-dialog';
import { drag } from '@/parts/drag';
import { setQuestions } from '@/parts/questions';

Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 900 });
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
Element.prototype.scrollTo = () => {};
Element.prototype.scrollIntoView ??= () => {};
window.scrollTo = () => {};
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
CSS.escape ??= (text: string) => text.replace(/["\\]/g, '\\$&');
document.elementFromPoint ??= () => null;

// A busy machine takes its time.
configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  overwriteGetLocale(() => 'en');
  localStorage.clear();
});

afterEach(() => {
  cleanup();
  answerMetadata(null);
  clearToasts();
  closeDialog();
  closeTask();
  setBusy(false);
  drag.set(null);
  setQuestions([]);
});
