// A PDF, drawn onto a canvas. Its scripts, forms, links and files are never looked at: only pages are drawn.
import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import { AnnotationMode, getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
// oxlint-disable-next-line import/default -- Vite makes the default export
import PdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs?worker';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { IconButton } from '@/kit/button';
import { Skeleton } from '@/kit/skeleton';
import { locale, m } from '@/messages';
import { previewBytes } from '@/queries';
import { Nothing } from './nothing';
import styles from './preview.module.css';

const base = `${import.meta.env.BASE_URL}pdf/`;
const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3] as const;
/** Points of one page on the screen; a page may be a poster. */
const MOST_POINTS = 16_000_000;

/** What pdf.js may do: no code made of text, no fonts handed to the system, no forms of its own. */
function open(data: Uint8Array) {
  GlobalWorkerOptions.workerPort ??= new PdfWorker();
  return getDocument({
    data,
    isEvalSupported: false,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
    stopAtErrors: false,
    maxImageSize: 80_000_000,
    cMapUrl: `${base}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${base}standard_fonts/`,
    verbosity: 0,
  });
}

type State = { is: 'loading' } | { is: 'locked' } | { is: 'damaged' } | { is: 'open'; document: PDFDocumentProxy };

export function Pdf({ token, name }: { token: string; name: string }) {
  const [state, setState] = useState<State>({ is: 'loading' });
  useEffect(() => {
    let over = false;
    let close = () => {};
    void (async () => {
      try {
        const data = await previewBytes(token);
        if (over) return;
        const task = open(data);
        close = () => void task.destroy();
        const document = await task.promise;
        if (!over) setState({ is: 'open', document });
      } catch (reason) {
        if (!over) setState({ is: reason instanceof Error && reason.name === 'PasswordException' ? 'locked' : 'damaged' });
      }
    })();
    return () => {
      over = true;
      close();
    };
  }, [token]);
  if (state.is === 'loading') return <Skeleton label={m.preview_loading()} lines={8} />;
  if (state.is === 'locked') return <Nothing title={m.preview_locked_title()} body={m.preview_locked_body()} />;
  if (state.is === 'damaged') return <Nothing title={m.preview_damaged_title()} body={m.preview_damaged_body()} />;
  return <Pages document={state.document} name={name} />;
}

function Pages({ document, name }: { document: PDFDocumentProxy; name: string }) {
  const [number, setNumber] = useState(1);
  const [zoom, setZoom] = useState<number>(1);
  const [broken, setBroken] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const pages = document.numPages;
  useEffect(() => {
    let over = false;
    let stop = () => {};
    void (async () => {
      try {
        const page = await document.getPage(number);
        const context = canvas.current?.getContext('2d');
        if (over || !context || !canvas.current) return;
        const plain = page.getViewport({ scale: 1 });
        const width = Math.max(200, (room.current?.clientWidth ?? 320) - 22) * zoom;
        const density = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_POINTS / (width * width * (plain.height / plain.width))));
        const viewport = page.getViewport({ scale: (width / plain.width) * density });
        canvas.current.width = Math.floor(viewport.width);
        canvas.current.height = Math.floor(viewport.height);
        canvas.current.style.width = `${Math.floor(width)}px`;
        const drawing = page.render({ canvas: canvas.current, canvasContext: context, viewport, annotationMode: AnnotationMode.ENABLE });
        stop = () => drawing.cancel();
        await drawing.promise;
        if (!over) setBroken(false);
      } catch (reason) {
        if (!over && !(reason instanceof Error && reason.name === 'RenderingCancelledException')) setBroken(true);
      }
    })();
    return () => {
      over = true;
      stop();
    };
  }, [document, number, zoom]);
  const go = (to: number) => setNumber(Math.min(pages, Math.max(1, to)));
  const closer = (step: 1 | -1) => setZoom((now) => ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, ZOOMS.indexOf(now as (typeof ZOOMS)[number]) + step))] ?? 1);
  function onKeyDown(event: KeyboardEvent) {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(number + step);
  }
  const n = (value: number) => formatNumber(value, locale());
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- hears the keys of what is in it
    <div className={styles.pdf} onKeyDown={onKeyDown}>
      <div className={styles.pdfBar}>
        <IconButton label={m.preview_page_before()} isDisabled={number === 1} onPress={() => go(number - 1)}>
          <ChevronLeft aria-hidden size={16} />
        </IconButton>
        <span role="status">{m.preview_page_of({ page: n(number), pages: n(pages) })}</span>
        <IconButton label={m.preview_page_next()} isDisabled={number === pages} onPress={() => go(number + 1)}>
          <ChevronRight aria-hidden size={16} />
        </IconButton>
        <span className={styles.push} />
        <IconButton label={m.preview_smaller()} isDisabled={zoom === ZOOMS[0]} onPress={() => closer(-1)}>
          <ZoomOut aria-hidden size={16} />
        </IconButton>
        <IconButton label={m.preview_larger()} isDisabled={zoom === ZOOMS.at(-1)} onPress={() => closer(1)}>
          <ZoomIn aria-hidden size={16} />
        </IconButton>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={room} className={styles.pdfPage} role="group" tabIndex={0} aria-label={m.preview_of({ name })}>
        <canvas ref={canvas} role="img" aria-label={m.preview_page_of({ page: n(number), pages: n(pages) })} />
      </div>
      {broken ? <Nothing title={m.preview_damaged_title()} body={m.preview_damaged_body()} /> : null}
    </div>
  );
}
