import type { Browser, Page } from 'playwright-core';
import type { CustomerStatus } from '../../domain/customer/status';
import { startEntra } from '../../sandbox/entra/entra';
import { startLms } from '../../sandbox/lms/lms';
import { addCustomer, startWorld, type Entra, type Lms, type World } from '../integration/sync/world';
import { openBrowser, systemChromium, WorkflowPage } from './browser';

const chromium = systemChromium();
const missing = 'no Chromium on PATH: apt-get install chromium, or set ROLLCALL_CHROMIUM';
if (!chromium) process.stderr.write(`The Temporal UI is not tested: ${missing}\n`);
const title = 'the Temporal UI, as an operator uses it';

(chromium ? describe : describe.skip)(chromium ? title : `${title} (${missing})`, () => {
  let world: World;
  let entra: Entra;
  let lms: Lms;
  let browser: Browser;
  let page: Page;
  let ui: WorkflowPage;
  let acme: Awaited<ReturnType<typeof addCustomer>>;
  beforeAll(async () => {
    world = await startWorld({ ui: true });
    [entra, lms, browser] = await Promise.all([
      startEntra({ population: { size: 20, seed: 7, awkward: false } }),
      startLms({ kind: 'lean' }),
      openBrowser(chromium ?? ''),
    ]);
    acme = await addCustomer(world, 'acme', entra, lms);
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    ui = new WorkflowPage(page, world.uiUrl ?? '');
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([world?.close(), entra?.close(), lms?.close()]);
  }, 60_000);

  test('shows what went through history encrypted, by the codec server whose address it knows', async () => {
    const { events } = await acme.handle.fetchHistory();
    expect(JSON.stringify(events)).not.toContain('Northwind');
    await ui.open('customer/acme');
    await ui.seen('"Northwind"').waitFor();
    await page.getByTestId('data-encoder-status-success').locator('visible=true').first().waitFor();
  }, 90_000);

  test('tells what to do next, and a pause that is sent by its form pauses the customer', async () => {
    await ui.open('customer/acme');
    await ui.detailsSay('What to do next', 'rollcall credential set acme --for directory');

    await ui.sendUpdate('pause', { reason: 'LMS migration', by: 'Jo' });
    await ui.seen('Update successful').waitFor();
    expect((await acme.handle.query<CustomerStatus, [object]>('status', {})).paused).toMatchObject({ reason: 'LMS migration', by: 'Jo' });
    await ui.open('customer/acme');
    await ui.detailsSay(/by Jo: LMS migration/, '{"by":"your name"}');
  }, 90_000);

  test('starts a customer by its form, and a faulty configuration fails and names every fault', async () => {
    const faulty = { ...acme.configuration, directory: { ...acme.configuration.directory, tenantId: 'contoso' }, everyMinute: 5 };
    const start = (customerId: string, configuration: object) =>
      ui.start({
        workflowId: `customer/${customerId}`,
        taskQueue: 'rollcall',
        workflowType: 'customer',
        input: { customerId, configuration },
      });
    await start('faulty', faulty);
    await ui.seen('Start Workflow').waitFor();
    await ui.open('customer/faulty');
    await ui.seen(/directory\.tenantId/).waitFor();
    await ui.seen(/everyMinute/).waitFor();
    await expect(world.client.workflow.getHandle('customer/faulty').describe()).resolves.toMatchObject({ status: { name: 'FAILED' } });

    await start('beta', acme.configuration);
    await ui.seen('Start Workflow').waitFor();
    await ui.open('customer/beta');
    await expect(world.client.workflow.getHandle('customer/beta').query('status', {})).resolves.toMatchObject({ phase: 'setUp' });
  }, 90_000);
});
