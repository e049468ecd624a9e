import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderReport } from '../../src/evaluate/report/report.js';
import type { Evaluation } from '../../src/evaluate/types.js';
import { describeChromium, Page } from '../chromium.js';
import { attack, HOSTILE, HOSTILE_NAME } from './hostileTexts.js';
import { corpusTexts, sampleEvaluation } from './sampleEvaluation.js';

describeChromium('the report in a browser', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'precis-report-'));
  let page: Page;
  let evaluation: Evaluation;

  beforeAll(async () => {
    page = await Page.open();
    evaluation = attack(await sampleEvaluation([...corpusTexts(45), ...HOSTILE]));
    await open(renderReport(evaluation));
  });
  afterAll(async () => {
    await page?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(html: string): Promise<void> {
    const file = path.join(folder, 'report.html');
    writeFileSync(file, html);
    page.events.length = 0;
    await page.goTo(pathToFileURL(file).href);
  }

  const count = (selector: string) =>
    page.evaluate<number>(`document.querySelectorAll(${JSON.stringify(selector)}).length`);

  it('shows twenty rows each of the best, worst and most different', async () => {
    for (const id of ['best', 'worst', 'different']) expect([id, await count(`#${id} article`)]).toEqual([id, 20]);
    expect(await count('#best article .answers > li')).toBe(20 * evaluation.candidates.length);
  });

  it('says nothing on the console and asks for nothing but itself', async () => {
    const told = page.events.filter(({ method }) =>
      ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'].includes(method!),
    );
    expect(told).toEqual([]);
    const requests = page.events.filter(({ method }) => method === 'Network.requestWillBeSent');
    expect(requests.map(({ params }) => (params!.request as { url: string }).url.split('/').at(-1))).toEqual([
      'report.html',
    ]);
  });

  it('runs nothing that a text, a name or an error brings', async () => {
    expect(await page.evaluate('window.broken ?? null')).toBeNull();
    expect(await count('img, iframe, object, [onerror], [onload], [style]')).toBe(0);
    expect(await count('script')).toBe(1);
    const names = await page.evaluate<string[]>(
      `[...document.querySelectorAll('thead bdi')].map((name) => name.textContent)`,
    );
    expect(names[1]).toBe(HOSTILE_NAME);
  });

  it('shows hostile texts as they are', async () => {
    const { source } = HOSTILE[0];
    const texts = await page.evaluate<string[]>(
      `[...document.querySelectorAll('article .text')].map((text) => text.textContent)`,
    );
    expect(texts).toContain(source);
  });

  it('lets nothing out and nothing run, even if a text had broken out of its place', async () => {
    let hits = 0;
    const server = createServer((_, response) => {
      hits++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const answer = await page.evaluate(`(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.broken = true';
      document.body.append(script);
      const image = new Image();
      const settled = new Promise((resolve) => { image.onload = () => resolve('loaded'); image.onerror = () => resolve('refused'); });
      image.src = ${JSON.stringify(url)};
      const fetched = await fetch(${JSON.stringify(url)}, { mode: 'no-cors' }).then(() => 'loaded', () => 'refused');
      const found = { fetched, image: await settled, broken: window.broken ?? null };
      script.remove();
      return found;
    })()`);
    server.close();
    expect(answer).toEqual({ fetched: 'refused', image: 'refused', broken: null });
    expect(hits).toBe(0);
  });

  it.each([360, 390, 768, 1280])('fits a window %i wide', async (width) => {
    await page.send('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: 1, mobile: true });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.send('Emulation.clearDeviceMetricsOverride');
  });

  it.each([
    ['screen', 'light', 'rgb(255, 255, 255)'],
    ['screen', 'dark', 'rgb(23, 27, 33)'],
    ['print', 'dark', 'rgb(255, 255, 255)'],
  ])('on a %s that is %s its cards are %s', async (media, value, colour) => {
    await page.send('Emulation.setEmulatedMedia', { media, features: [{ name: 'prefers-color-scheme', value }] });
    expect(await page.evaluate(`getComputedStyle(document.querySelector('figure')).backgroundColor`)).toBe(colour);
    await page.send('Emulation.setEmulatedMedia', { media: '', features: [] });
  });

  it('draws, on a screen and on paper', async () => {
    const { data } = await page.send('Page.captureScreenshot', { format: 'png' });
    expect(Buffer.from(data as string, 'base64').length).toBeGreaterThan(20_000);
    const { data: pdf } = await page.send('Page.printToPDF');
    expect(
      Buffer.from(pdf as string, 'base64')
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('has a name for every picture and every control in the accessibility tree', async () => {
    const { nodes } = await page.send('Accessibility.getFullAXTree');
    const named = (nodes as { role?: { value: string }; name?: { value: string } }[])
      .filter(({ role }) =>
        ['image', 'searchbox', 'checkbox', 'button', 'table', 'region', 'navigation'].includes(role?.value ?? ''),
      )
      .map(({ role, name }) => ({ role: role!.value, named: Boolean(name?.value) }));
    expect(named.filter(({ role }) => role === 'image').length).toBe(4);
    expect(named.filter(({ named }) => !named)).toEqual([]);
  });

  it('filters rows, and opens and folds all sources', async () => {
    const visible = `[...document.querySelectorAll('article')].filter((card) => card.checkVisibility()).length`;
    const type = (
      text: string,
    ) => `(() => { const box = document.getElementById('filter'); box.value = ${JSON.stringify(text)};
      box.dispatchEvent(new Event('input')); return ${visible}; })()`;
    const all = await page.evaluate<number>(visible);
    expect(await page.evaluate(type('no such word anywhere'))).toBe(0);
    const word = await page.evaluate<string>(
      `document.querySelector('#best .answers .text').textContent.split(' ').slice(0, 3).join(' ')`,
    );
    const found = await page.evaluate<number>(type(word));
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(all);
    expect(await page.evaluate(type(''))).toBe(all);
    const open = `document.querySelectorAll('details.source[open]').length`;
    const sources = await count('details.source');
    expect(await page.evaluate(`(document.getElementById('fold').click(), ${open})`)).toBe(sources);
    expect(await page.evaluate(`(document.getElementById('fold').click(), ${open})`)).toBe(0);
  });

  it('is whole without scripts', async () => {
    await page.send('Emulation.setScriptExecutionDisabled', { value: true });
    await open(renderReport(evaluation));
    await page.send('Emulation.setScriptExecutionDisabled', { value: false });
    expect(await count('#best article, #worst article, #different article')).toBe(60);
    expect(await page.evaluate(`document.getElementById('controls').checkVisibility()`)).toBe(false);
    expect(await count('figure svg')).toBe(4);
  });
});
