/** @jsxImportSource hono/jsx */
import {html} from 'hono/html';
import type {Child} from 'hono/jsx';
import type {Run} from '../../core/run.js';
import {shortcuts} from './shortcuts.js';

export type Html = ReturnType<typeof html>;

/** What is true of every page. */
type Frame = {
	title: string;
	/** Epoch ms: the script's clocks go by the server's. */
	now: number;
	/** What news are about: all jobs, a job, or one batch of it; a page without it stands as it is. */
	live?: 'all' | {id: string; run: Pick<Run, 'seq' | 'startedAt'>; batch?: number} | undefined;
	/** Which part of the site it is. */
	place?: 'jobs' | 'history' | undefined;
	/** A way back to what it belongs to. */
	within?: {href: string; name: string} | undefined;
	notice?: {kind: 'done' | 'refused'; text: string} | undefined;
	/** What is told to who does not see the page, when it changes: short and seldom. */
	spoken?: string | undefined;
	/** Nothing is linked, for who may not look yet. */
	isClosed?: boolean;
	children?: Child;
};

/** The frame of every page: whole without the script, which finds here what it needs. */
export const page = ({title, now, live, place, within, notice, spoken, isClosed = false, children}: Frame): Html =>
	html`<!doctype html>${(
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<title>{`${title} · Mozart`}</title>
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<link rel="stylesheet" href="/assets/style.css" />
				<link rel="icon" href="/assets/icon.svg" />
				<script src="/assets/live.js" type="module" />
			</head>
			<body data-now={now} {...liveData(live)}>
				<a class="skip" href="#main">
					Skip to the content
				</a>
				<header class="top">
					{isClosed ? <span class="brand">mozart</span> : <Ways place={place} within={within} />}
					<p id="line" class="line-state" role="status" data-keep />
				</header>
				<main id="main" tabindex={-1}>
					{children}
				</main>
				{!isClosed && (
					<footer class="foot js-only">
						<span>
							<kbd>?</kbd> all keys
						</span>
						<span class="wide">
							<kbd>j</kbd> <kbd>k</kbd> move · <kbd>↵</kbd> open · <kbd>/</kbd> filter · <kbd>esc</kbd> back
						</span>
					</footer>
				)}
				<p id="message" class="message" role="status" data-keep>
					{notice?.text}
				</p>
				<p id="spoken" class="unseen" aria-live="polite">
					{spoken}
				</p>
				{!isClosed && <Help />}
			</body>
		</html>
	)}`;

/** What the script needs to listen from the state on that the page shows. */
function liveData(live: Frame['live']): Record<string, string | number | undefined> {
	if (live === undefined) return {};
	if (live === 'all') return {'data-live': '/api/stream'};
	const {id, batch, run} = live;
	return {
		'data-live': `/api/jobs/${id}/stream?after=${run.seq}@${run.startedAt}`,
		'data-seq': run.seq,
		'data-batch': batch,
	};
}

const Ways = ({place, within}: Pick<Frame, 'place' | 'within'>) => (
	<nav aria-label="Mozart">
		<span class="brand">mozart</span>
		<a
			href="/"
			aria-current={place === 'jobs' ? (within ? 'true' : 'page') : undefined}
			data-key={within?.href === '/' ? 'escape' : undefined}
		>
			Jobs
		</a>
		<a href="/history" aria-current={place === 'history' ? 'page' : undefined}>
			History
		</a>
		{within && within.href !== '/' && (
			<a href={within.href} data-key="escape">
				<span aria-hidden="true">‹ </span>
				{within.name}
			</a>
		)}
	</nav>
);

const Help = () => (
	<dialog id="help" aria-labelledby="help-title" data-keep>
		<div class="stack">
			<h2 id="help-title">Keys</h2>
			<dl class="keys">
				{shortcuts.map(({keys, help}) => (
					<>
						<dt>
							{keys.map(key => (
								<>
									<kbd>{key}</kbd>{' '}
								</>
							))}
						</dt>
						<dd>{help}</dd>
					</>
				))}
			</dl>
			<form method="dialog" class="acts">
				<button type="submit">Close</button>
			</form>
		</div>
	</dialog>
);
