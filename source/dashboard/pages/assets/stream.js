import {byId} from './dom.js';
import {lookSoon} from './look.js';
import {print} from './output.js';

const line = byId('line');
/** Silence longer than this means that the connection is dead: the server says something more often, ms. */
const patienceMs = 40_000;
/** @type {EventSource | undefined} */
let stream;
let lastId = '';
let heardAt = 0;
let tries = 0;
let retrying = 0;
/** The server is one that says something again and again. */
let hasPulse = false;

const lineWords = {
	live: 'live',
	lost: 'connection lost, trying again',
	strange: 'the dashboard was started anew: load this page again',
	over: '',
};

/** @param {keyof typeof lineWords} state */
export function tellLine(state) {
	if (!line) return;
	const words = lineWords[state];
	line.classList.toggle('lost', state === 'lost' || state === 'strange');
	if (line.textContent !== words) line.textContent = words;
	document.documentElement.dataset.line = state;
}

export function listen() {
	const address = document.body.dataset.live;
	if (address === undefined || document.hidden) return;
	const url = new URL(address, location.href);
	if (lastId !== '') url.searchParams.set('after', lastId);
	stream?.close();
	stream = new EventSource(url);
	heardAt = Date.now();
	stream.onopen = () => {
		tries = 0;
		// What happened meanwhile is on the page that the server has now.
		if (document.documentElement.dataset.line !== 'live') lookSoon();
		tellLine('live');
		heardAt = Date.now();
	};
	stream.onerror = lost;
	for (const type of ['snapshot', 'state', 'jobs', 'job', 'gone'])
		stream.addEventListener(type, news => {
			heard(news);
			if (isNews(type, JSON.parse(news.data))) lookSoon();
		});
	stream.addEventListener('fact', heard);
	stream.addEventListener('beat', news => {
		heard(news);
		hasPulse = true;
	});
	stream.addEventListener('output', news => {
		heard(news);
		print(JSON.parse(news.data));
	});
}

/** Tries again by itself, sooner at first: the browser would wait, or give up. */
function lost() {
	if (document.documentElement.dataset.line !== 'strange') tellLine('lost');
	leave();
	retrying = window.setTimeout(listen, Math.min(500 * 2 ** tries++, 15_000));
	isStranger().then(is => is && document.documentElement.dataset.line === 'lost' && tellLine('strange'));
}

function leave() {
	stream?.close();
	clearTimeout(retrying);
}

/** Whether a server is there that does not know us: one that starts anew has other secrets. An EventSource does not tell. */
const isStranger = () =>
	fetch(location.href, {method: 'HEAD', redirect: 'manual'}).then(
		({status, type}) => status === 401 || type === 'opaqueredirect',
		() => false,
	);

/**
 * Whether the page may be another one by now. A batch’s own page changes with that batch, or where no batch is named; so
 * does any page when its program is gone, without a fact. @param {string} type
 * @param {{seq?: number, batches?: {number: number}[]}} message
 */
function isNews(type, {seq, batches}) {
	const {seq: shown, batch} = document.body.dataset;
	if (seq !== undefined && (seq < Number(shown) || (type === 'snapshot' && seq === Number(shown)))) return false;
	return batch === undefined || !batches?.length || batches.some(({number}) => number === Number(batch));
}

/** @param {MessageEvent} news */
function heard(news) {
	heardAt = Date.now();
	if (news.lastEventId !== '') lastId = news.lastEventId;
}

setInterval(() => {
	if (stream?.readyState === EventSource.OPEN && hasPulse && Date.now() - heardAt > patienceMs) lost();
}, 5000);
addEventListener('online', listen);
addEventListener('offline', () => tellLine('lost'));
// A page that the browser keeps for the way back must not hold a connection.
addEventListener('pagehide', leave);
// A browser has six connections to a server, for all its windows: who sees none of this page leaves its own to others.
document.addEventListener('visibilitychange', () => {
	if (document.hidden) return leave();
	listen();
	lookSoon();
});
addEventListener('pageshow', ({persisted}) => {
	if (!persisted) return;
	listen();
	lookSoon();
});
