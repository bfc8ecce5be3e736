// Connections: cards, adding one, its test, host keys.
import { card } from './acts.mjs';

export const connections = [
  ['connections', '?place=/connections', (page) => card(page, 'hm-court')],
  ['connections-drop', '?place=/connections', async (page) => {
    const box = await page.getByRole('option', { name: 'north-gmbh' }).boundingBox();
    await page.evaluate(([x, y]) => window.fake.drag({ phase: 'over', x, y, count: 3 }), [box.x + 40, box.y + 40]);
  }],
  ['connections-empty', '?place=/connections&day=empty', async () => {}],
  ['connections-de', '?place=/connections&locale=de', (page) => card(page, 'evidence-eu')],
  ['add', '?place=/connections', async (page) => {
    await page.keyboard.press('n');
    await page.getByRole('button', { name: /^SFTP/ }).click();
    await page.getByRole('textbox', { name: 'Host' }).waitFor();
  }],
  ['add-kinds', '?place=/connections', (page) => page.keyboard.press('n')],
  ['key-unknown', '?place=/connections', async (page) => {
    await card(page, 'lab-intake');
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Answer…' }).first().click();
    await page.locator('section[role=alertdialog]').waitFor();
  }],
  ['key-changed', '?place=/connections', async (page) => {
    await card(page, 'hm-court');
    await page.getByRole('button', { name: /Replace the pinned key/ }).click();
    await page.getByRole('textbox', { name: /Fingerprint/ }).fill('SHA256:pW4fJq2mY8bN0cVtR6xK1sLzQ3eHuD5gAaTjI7oE9xQ');
  }],
  ...['en', 'de'].flatMap((language) => [
    [`test-running-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await page.evaluate(() => Object.assign(window.fake, { stepByStep: true }));
      await card(page, 'north-gmbh');
      await page.keyboard.press('t');
      await page.waitForTimeout(100);
      await page.evaluate(() => window.fake.goOn());
    }],
    [`test-noted-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await card(page, 'north-gmbh');
      await page.keyboard.press('t');
    }],
    [`question-${language}`, `?place=/connections&locale=${language}`, (page) =>
      page.evaluate(() => window.fake.ask({
        id: '1', connectionName: 'north-gmbh', instructions: ['Two-step sign-in of Northwind.', 'The code changes every 30 seconds.'],
        prompts: [{ text: 'One-time code:', visible: true }, { text: 'PIN:', visible: false }], secondsLeft: 110,
      }))],
  ]),
];
