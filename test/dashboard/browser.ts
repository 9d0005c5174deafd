import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {Browser, BrowserContext, Page} from 'playwright-core';

const places = [
	process.env.CHROME_PATH,
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A Chromium of this machine. */
export const chromiumPath = places.find(path => path !== undefined && path !== '' && existsSync(path));

/** Where a browser has to be there, its absence is a failure. */
export const isRequired = process.env.MOZART_TEST_BROWSER === 'required';

/** Why the browser's tests are left out; undefined where they are not. */
export const whyNot =
	chromiumPath === undefined && !isRequired
		? 'no Chromium was found: install it (apt-get install chromium), or say where it is by CHROME_PATH'
		: undefined;

/** What pages did that none may do, as they have said it so far. */
export type Watch = {
	browser: Browser;
	wrong: string[];
	open(options?: Options): Promise<{context: BrowserContext; page: Page}>;
};

type Options = Parameters<Browser['newContext']>[0];

/** Starts the browser, and notes whatever goes wrong on a page: errors, dialogs, what its policy forbids. */
export async function openBrowser(): Promise<Watch> {
	if (chromiumPath === undefined)
		throw new Error('no Chromium was found, and MOZART_TEST_BROWSER says that one is needed');
	const {chromium} = await import('playwright-core');
	const args = [
		// Inside containers there is none to be had; the only pages are our own.
		'--no-sandbox',
		'--disable-gpu',
		// A process made in advance for each page costs more than all else.
		'--disable-features=SpareRendererForSitePerProcess,IsolateOrigins,site-per-process',
	];
	const browser = await chromium.launch({executablePath: chromiumPath, args});
	const wrong: string[] = [];
	return {
		browser,
		wrong,
		async open(options = {}) {
			const context = await browser.newContext({reducedMotion: 'reduce', ...options});
			context.setDefaultTimeout(15_000);
			const page = await context.newPage();
			page.on('pageerror', error => wrong.push(`${page.url()}: ${error.message}`));
			page.on('dialog', dialog => {
				wrong.push(`${page.url()}: a dialog says ${dialog.message()}`);
				dialog.dismiss().catch(() => {});
			});
			page.on('console', message => {
				const text = message.text();
				if (/content security policy|refused to|violates/i.test(text)) wrong.push(`${page.url()}: ${text}`);
			});
			return {context, page};
		},
	};
}

const axe = () => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let axeSource: string | undefined;

type Found = {violations: {id: string; impact: string; nodes: {target: string[]; failureSummary: string}[]}[]};

/** What axe finds on a page that is serious or critical: `rule: where`. */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
	axeSource ??= axe();
	if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axeSource);
	const options = {resultTypes: ['violations'], ...(rules && {runOnly: {type: 'rule', values: rules}})};
	const {violations} = await page.evaluate<Found>(`axe.run(document, ${JSON.stringify(options)})`);
	return violations
		.filter(({impact}) => impact === 'serious' || impact === 'critical')
		.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target.join(' ')} ${failureSummary}`));
}
