// What several scenes do before their picture is taken.
export const row = (page, name) => page.getByRole('row', { name }).click();
export const card = (page, name) => page.getByRole('option', { name }).click();

/** Names as somebody's partner may choose them: long, over several lines, and written to be read backwards. */
export const strangeNames = (page) =>
  page.evaluate(() => {
    const names = ['Contract\u202efdp.exe', `Annex ${'very '.repeat(48)}long.pdf`, 'first line\nsecond line.txt', '\u05d7\u05d5\u05d6\u05d4 \u05d4\u05e9\u05db\u05d9\u05e8\u05d5\u05ea.pdf', '\u0639\u0642\u062f 2027.docx'];
    const { transfers, runs, connections, attention } = window.fake.data;
    names.forEach((name, at) => {
      const one = transfers[at];
      Object.assign(one, { name, source: { ...one.source, path: `/home/records/${name}` }, destination: { ...one.destination, path: `/2291/${name}` } });
    });
    runs[0].title = names[1];
    runs[1].title = names[3];
    runs[2].title = names[0];
    connections[3].name = `court ${'of appeal '.repeat(12)}`;
    for (const one of attention) if (one.connection === 'c-court') one.connectionName = connections[3].name;
    window.fake.topics.tell(['transfers', 'runs', 'connections', 'attention']);
  });

/** Goes there by its key while the desk does not answer this call. */
export const whileHeld = (call, keys) => async (page) => {
  await page.evaluate((name) => void window.fake.hold(name), call);
  await page.keyboard.press(keys);
};

/** The part of the desk that moves files is gone. */
export const engineGone = (page) => page.evaluate(() => window.fake.system.become({ engine: { state: 'down', reason: 'the file engine.lock cannot be opened: Permission denied' } }));

/** The window at 200 % is one of half the size. */
export const ZOOMED = { width: 680, height: 430 };
