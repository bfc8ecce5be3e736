// A window in which time stands still, and a picture of it once it rests. Nothing here waits for a length of time.

/** The moment at which every picture is taken, and where. */
const NOW = new Date('2027-03-16T09:24:00Z');
const TIMEZONE = 'Europe/Berlin';
const USUAL = { width: 1360, height: 860 };

/** No change of the page for so long means that it rests. */
const QUIET_MS = 80;
/** A page that changes for longer is at fault. */
const MOST_MS = 15_000;
/** Steps of a second that the fake moves bytes for, so that bars and the chart are seen. */
const STEPS = 18;

/** A page of its own with a fixed clock: the same for whoever takes the picture. `scale` are points of the screen a pixel. */
export async function newScene(browser, { viewport = USUAL, colorScheme }) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce', locale: 'en-US', timezoneId: TIMEZONE, deviceScaleFactor: viewport.scale ?? 1 });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  // The time of day stands still by the clock above. What measures spans hears of time only when bytes are moved.
  await page.addInitScript(() => {
    let at = 1000;
    performance.now = () => at;
    window.pass = (ms) => {
      at += ms;
    };
  });
  return page;
}

/** Waits until fonts are there and nothing of the page has changed for a while. */
export async function untilQuiet(page) {
  const rested = await page.evaluate(
    async ([quiet, most]) => {
      await document.fonts.ready;
      return new Promise((answer) => {
        let changes = 0;
        let timer = setTimeout(whenIdle, quiet);
        const latest = setTimeout(() => end(false), most);
        const seen = new MutationObserver(() => {
          changes += 1;
          clearTimeout(timer);
          timer = setTimeout(whenIdle, quiet);
        });
        // A page that had no turn for so long is busy, not at rest: it counts once it had nothing to do.
        function whenIdle() {
          const before = changes;
          requestIdleCallback(() => requestIdleCallback(() => changes === before && end(true)));
        }
        function end(outcome) {
          clearTimeout(timer);
          clearTimeout(latest);
          seen.disconnect();
          answer(outcome);
        }
        seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      });
    },
    [QUIET_MS, MOST_MS],
  );
  if (!rested) throw new Error(`the page was still changing after ${MOST_MS / 1000} s`);
}

/** Lets the fake desk move bytes, always the same ones. */
export async function bytesMove(page) {
  await page.evaluate((steps) => {
    for (let step = 0; step < steps; step += 1) {
      window.pass(1000);
      window.fake?.tick(100);
    }
  }, STEPS);
  await untilQuiet(page);
}

/** The picture, once two taken one after the other are the same. */
export async function stillPicture(page) {
  const until = Date.now() + MOST_MS;
  const take = () => page.screenshot({ animations: 'disabled', caret: 'hide' });
  let before = await take();
  for (;;) {
    const after = await take();
    if (before.equals(after)) return after;
    if (Date.now() > until) throw new Error(`the window did not come to rest within ${MOST_MS / 1000} s`);
    before = after;
  }
}
