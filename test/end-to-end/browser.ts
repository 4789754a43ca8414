import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { onPath } from '../../sandbox/servers/run-program';

/** The system's own Chromium: ROLLCALL_CHROMIUM, else from PATH. Nothing is downloaded. */
export function systemChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.ROLLCALL_CHROMIUM || ['chromium', 'chromium-browser', 'google-chrome'].map((name) => onPath(name, env)).find((path) => path);
}

/** No sandbox: tests run as root in containers, and nothing but our own pages on loopback is opened. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A workflow's page in the Temporal UI. The UI keeps hidden copies of its header, so only what is visible counts. */
export class WorkflowPage {
  constructor(
    private readonly page: Page,
    private readonly uiUrl: string,
  ) {}

  async open(workflowId: string): Promise<void> {
    await this.page.goto(`${this.uiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`);
    await this.seen('User Metadata').waitFor();
  }

  seen(text: string | RegExp): Locator {
    return this.page.getByText(text).locator('visible=true').first();
  }

  /** Waits until the Current Details say it; the UI renders them in the last of its frames, after summary and details. */
  async detailsSay(...texts: (string | RegExp)[]): Promise<void> {
    await this.seen('User Metadata').click();
    const details = this.page.frameLocator('iframe[title=output]').last();
    for (const text of texts) await details.getByText(text).first().waitFor();
  }

  async sendUpdate(name: string, argument: object): Promise<void> {
    await this.page.locator('[aria-controls=workflow-actions]:visible').click();
    await this.page.locator('[role=menuitem]:visible', { hasText: 'Send an Update' }).click();
    const form = this.page.locator('dialog[open]');
    await form.locator('button:has(#update-select), div:has(> #update-select)').first().click();
    await this.page
      .locator('[role=option]:visible', { hasText: new RegExp(`^\\s*${name}\\b`) })
      .first()
      .click();
    await this.type(form, argument);
    // The form lays its JSON out when it is left, and a button that moves under the mouse isn't clicked.
    await form.locator('input:visible').last().click();
    await form.getByTestId('confirm-modal-button').click();
  }

  async start(workflow: { workflowId: string; taskQueue: string; workflowType: string; input: object }): Promise<void> {
    const { input, ...fields } = workflow;
    await this.page.goto(`${this.uiUrl}/namespaces/default/workflows/start-workflow`);
    for (const [name, value] of Object.entries(fields)) await this.page.locator(`#${name}`).fill(value);
    await this.type(this.page, input);
    await this.page.locator('#workflowType').click();
    await this.page.getByTestId('start-workflow-button').click();
  }

  private async type(within: Page | Locator, json: object): Promise<void> {
    await within.locator('[contenteditable=true]:visible').last().click();
    await this.page.keyboard.insertText(JSON.stringify(json));
  }
}
