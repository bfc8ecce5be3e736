// Connections: cards, adding one, its test, host keys.
import { card } from './acts.mjs';

/** The service of tasks, chosen, with a sign-in that a program renews. */
async function tasksService(page) {
  await page.evaluate(() => {
    window.fake.signedIn.workflow = { until: Date.now() + 48 * 60_000, renews: true };
  });
  await card(page, 'north-tasks');
}

async function toPowers(page, heading) {
  await page.getByRole('heading', { name: heading }).scrollIntoViewIfNeeded();
}

export const connections = [
  ['connections', '?place=/connections', (page) => card(page, 'hm-court')],
  ['connections-drop', '?place=/connections', async (page) => {
    const box = await page.getByRole('option', { name: 'north-gmbh' }).boundingBox();
    await page.evaluate(([x, y]) => window.fake.drag({ phase: 'over', x, y, count: 3 }), [box.x + 40, box.y + 40]);
  }],
  ['connections-empty-de', '?place=/connections&day=empty&locale=de', async () => {}],
  ['connections-loading', '?place=/connections&hold=connections', async () => {}],
  ['connections-failed', '?place=/connections&refuse=connections', (page) => page.getByRole('alert').waitFor()],
  ['connections-demo', '?place=/connections', async (page) => {
    await page.evaluate(() => window.fake.demoJoin());
    await card(page, 'demo-s3');
  }],
  ['connections-narrow-de', '?place=/connections&day=troubled&locale=de', (page) => card(page, 'hm-court'), { width: 900, height: 700 }],
  ['connections-zoomed', '?place=/connections&day=troubled', async () => {}, { width: 680, height: 430 }],
  ['connections-scaled', '?place=/connections', (page) => card(page, 'evidence-eu'), { width: 1088, height: 688, scale: 1.25 }],
  ['add-small-de', '?place=/connections&locale=de', async (page) => {
    await page.keyboard.press('n');
    await page.getByRole('button', { name: /^SFTP/ }).click();
    await page.locator('input[name=host]').waitFor();
  }, { width: 640, height: 480 }],
  ['import-small', '?place=/connections', async (page) => {
    await page.keyboard.press('i');
    await page.getByRole('dialog').getByRole('listitem').nth(1).getByRole('button').last().click();
    await page.getByRole('dialog').getByRole('checkbox').first().waitFor();
  }, { width: 640, height: 480 }],
  ['key-changed-small-de', '?place=/connections&locale=de', async (page) => {
    await card(page, 'hm-court');
    await page.getByRole('button', { name: /Hinterlegten Schlüssel ersetzen/ }).click();
    await page.locator('section[role=alertdialog], section[role=dialog]').waitFor();
  }, { width: 640, height: 480 }],
  ['connections-empty', '?place=/connections&day=empty', async () => {}],
  ['connections-de', '?place=/connections&locale=de', (page) => card(page, 'evidence-eu')],
  ['add', '?place=/connections', async (page) => {
    await page.keyboard.press('n');
    await page.getByRole('button', { name: /^SFTP/ }).click();
    await page.getByRole('textbox', { name: 'Host' }).waitFor();
  }],
  ['add-kinds', '?place=/connections', (page) => page.keyboard.press('n')],
  ...['en', 'de'].map((language) => [`add-pasted-${language}`, `?place=/connections&locale=${language}`, async (page) => {
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByRole('textbox').fill('sftp://me:secret@files.example:2222/in');
    await page.keyboard.press('Enter');
    await page.locator('input[name=host]').waitFor();
  }]),
  ['add-failed', '?place=/connections', async (page) => {
    await page.evaluate(() => window.fake.failing.set('c-new-1', {
      steps: [
        { name: { code: 'name-found', parameters: [], text: 'Name found' }, outcome: 'passed', said: [], fact: '203.0.113.24', technical: null, milliseconds: 4 },
        { name: { code: 'bucket-found', parameters: [], text: 'Bucket found' }, outcome: 'failed', said: [], fact: null, technical: 'NoSuchBucket: The specified bucket does not exist', milliseconds: 31 },
      ],
      failure: { kind: 'not-found', side: 'destination', message: 'there is no such bucket', code: 'NoSuchBucket' },
    }));
    await page.keyboard.press('n');
    await page.getByRole('button', { name: /^Amazon S3/ }).click();
    await page.locator('input[name=name]').fill('evidence');
    await page.locator('input[name=bucket]').fill('evidnce');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Change the settings' }).waitFor();
  }],
  ...['en', 'de'].flatMap((language) => [
    [`connections-troubled-${language}`, `?place=/connections&day=troubled&locale=${language}`, (page) => card(page, 'lisbon-archive')],
    [`connections-ending-${language}`, `?place=/connections&day=troubled&locale=${language}`, (page) => card(page, 'certified-partner')],
    [`edit-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await card(page, 'hm-court');
      await page.keyboard.press('e');
      await page.locator('input[name=host]').fill('new.hollis-marsh.example');
    }],
    [`import-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await page.keyboard.press('i');
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    }],
    [`import-found-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await page.keyboard.press('i');
      await page.getByRole('dialog').getByRole('listitem').nth(1).getByRole('button').last().click();
      await page.getByRole('dialog').getByRole('checkbox').first().waitFor();
    }],
    [`remove-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await page.evaluate(() => {
        localStorage.setItem('waybill.drop-folders', JSON.stringify({ 'c-evidence': '/intake' }));
        return window.fake.saveView({ id: null, place: '/transfers', name: 'To the archive', search: { connection: 'c-evidence' } });
      });
      await card(page, 'evidence-eu');
      await page.keyboard.press('Delete');
      await page.locator('section[role=alertdialog] li').first().waitFor();
    }],
  ]),
  ['import-results', '?place=/connections', async (page) => {
    await page.keyboard.press('i');
    await page.getByRole('dialog').getByRole('listitem').nth(1).getByRole('button').last().click();
    await page.getByRole('button', { name: 'Add 1 and test' }).click();
    await page.getByRole('button', { name: 'Answer…' }).first().waitFor();
  }],
  ['connections-long', '?place=/connections&day=troubled', (page) => card(page, 'Lieferantenrechnungen')],
  ['connections-many', '?place=/connections&day=many', async () => {}],
  ['connections-several', '?place=/connections', async (page) => {
    await card(page, 'archive');
    await page.keyboard.press('Shift+ArrowRight');
  }],
  ['connections-none-found', '?place=/connections', async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('nobody');
  }],
  ['connections-menu', '?place=/connections', (page) => page.getByRole('option', { name: 'north-gmbh' }).click({ button: 'right' })],
  ['rename', '?place=/connections', async (page) => {
    await card(page, 'archive');
    await page.keyboard.press('F2');
  }],
  ['duplicate', '?place=/connections', async (page) => {
    await card(page, 'lab-intake');
    await page.keyboard.press('d');
  }],
  ['connections-small', '?place=/connections', async () => {}, { width: 640, height: 480 }],
  ['key-unknown', '?place=/connections', async (page) => {
    await card(page, 'lab-intake');
    await page.keyboard.press('t');
    // The notice's own button, which comes last and takes the notice away.
    await page.getByRole('alertdialog', { name: /is this its key/ }).getByRole('button', { name: 'Answer…' }).click();
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
    [`connections-tasks-${language}`, `?place=/connections&day=systems&locale=${language}`, tasksService],
    [`connections-records-${language}`, `?place=/connections&day=systems&locale=${language}`, async (page) => {
      await page.evaluate(() => Object.assign(window.fake.signedIn, { xecm: { until: null, renews: true } }));
      await card(page, 'records');
      await toPowers(page, language === 'de' ? 'Was sie kann' : 'What it can do');
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
