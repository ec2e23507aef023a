import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** `CLV_BROWSER` names another program. Tests that need one are skipped, visibly, where there is none. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const browserProgram = process.env.CLV_BROWSER || findProgram();

function findProgram(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser without a window, on one empty page. */
export interface OpenBrowser {
  readonly page: Page;
  /** The addresses that answered the page, in order. */
  readonly answered: readonly string[];
  close(): Promise<void>;
}

/** Starts the machine's own browser, `browserProgram`. */
export async function openBrowser(): Promise<OpenBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: browserProgram,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  const answered: string[] = [];
  page.on('response', (response) => answered.push(response.url()));
  return { page, answered, close: () => browser.close() };
}
