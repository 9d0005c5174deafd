/** @jsxImportSource hono/jsx */
import {batchAt} from '../../core/batch-table.js';
import type {Batch, Run} from '../../core/run.js';
import {costWords} from '../../core/usage.js';
import {counters, itemWords, shortStage} from '../../headless/batch-text.js';
import {oneLine} from '../../process/sanitize.js';
import type {ListWindow} from './list-window.js';
import {StatusSign} from './state-sign.js';

const quiet = new Set<Batch['status']>(['pending', 'completed', 'skipped']);

type Props = {id: string; run: Run; list: ListWindow; now: number};

/** The batches of a job: a page of them, so that 10,000 feel like 10. */
export function BatchList({id, run, list, now}: Props) {
	const {filter, numbers, matching} = list;
	const isFiltered = filter !== '';
	const batches = numbers.map(number => batchAt(run, number));
	return (
		<section class="card batches" aria-labelledby="batches-title" data-page={list.pages > 1 ? list.page : undefined}>
			<div class="card-head">
				<h2 id="batches-title">Batches</h2>
				<search class="end">
					<form method="get" class="fields" action={`/jobs/${id}`}>
						<input
							type="search"
							name="filter"
							id="filter"
							value={filter}
							placeholder="12, 3-7, failed, a name"
							aria-label="Filter the batches by numbers, status or name"
							autocomplete="off"
							data-keep
						/>
						<button type="submit" class="small">
							Filter
						</button>
					</form>
				</search>
			</div>
			{isFiltered && (
				<p class="padded" role="status" id="matching">
					{matching} of {run.total} fit “{oneLine(filter)}” · <a href={`/jobs/${id}`}>all batches</a>
				</p>
			)}
			<div class="scroll" id="batch-scroll">
				<table class="rows">
					<caption class="unseen">Batches</caption>
					<thead>
						<tr>
							<th scope="col">Batch</th>
							<th scope="col">Items</th>
							<th scope="col">
								<abbr title="attempt, completions, retries, fallback, waits">Tries</abbr>
							</th>
							<th scope="col" class="end wide">
								Cost
							</th>
							<th scope="col" class="end">
								Now
							</th>
						</tr>
					</thead>
					<tbody id="batch-rows">
						{batches.map(batch => (
							<BatchRow id={id} batch={batch} run={run} now={now} />
						))}
					</tbody>
				</table>
				{batches.length === 0 && <p class="empty">No batch fits.</p>}
			</div>
			<Pages id={id} list={list} />
		</section>
	);
}

function BatchRow({id, batch, run, now}: {id: string; batch: Batch; run: Run; now: number}) {
	const {number, status, usage} = batch;
	const items = namesOf(batch, run);
	return (
		<tr id={`batch-${number}`} data-row class={quiet.has(status) ? 'quiet' : undefined}>
			<th scope="row" class="keep">
				<StatusSign status={status} /> <a href={`/jobs/${id}/batches/${number}`}>{number}</a>
			</th>
			<td class="cut" title={items}>
				{items}
			</td>
			<td class="keep">{counters(batch, run).join(' ')}</td>
			<td class="end wide">{usage?.costUsd === undefined ? '' : costWords(usage.costUsd)}</td>
			<td class={`end keep is-${status}`}>
				<Stage batch={batch} now={now} />
			</td>
		</tr>
	);
}

/** What it does or waits for, with a clock where that moves. */
function Stage({batch, now}: {batch: Batch; now: number}) {
	const words = shortStage(batch, now);
	if (batch.status === 'running' && !batch.outcome)
		return (
			<span data-since={batch.startedAt} data-step={5}>
				{words}
			</span>
		);
	if (batch.status === 'waiting' && batch.until > now) return <span data-until={batch.until}>{words}</span>;
	return words;
}

/** The names of its items where they have some, else their numbers. */
export function namesOf(batch: Batch, {items}: Run): string {
	if (!items) return itemWords(batch);
	const names = items.slice(batch.first - 1, batch.last).map(oneLine);
	return names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(', ');
}

function Pages({id, list}: {id: string; list: ListWindow}) {
	const {page, pages, filter, numbers, isFollowing} = list;
	if (pages === 1) return null;
	const to = (wanted?: number) => {
		const query = new URLSearchParams();
		if (filter !== '') query.set('filter', filter);
		if (wanted !== undefined) query.set('page', String(wanted));
		return `/jobs/${id}${query.size > 0 ? `?${query}` : ''}`;
	};
	return (
		<nav class="pages" aria-label="Pages of batches">
			<span>
				{numbers[0]}–{numbers.at(-1)} · page {page} of {pages}
			</span>
			{page > 1 && (
				<>
					<a href={to(1)}>first</a>
					<a href={to(page - 1)} data-key="N" rel="prev">
						previous
					</a>
				</>
			)}
			{page < pages && (
				<>
					<a href={to(page + 1)} data-key="n" rel="next">
						next
					</a>
					<a href={to(pages)}>last</a>
				</>
			)}
			{isFollowing ? (
				<span class="soft">goes along with what runs</span>
			) : (
				<a href={to()} data-key="f">
					go along with what runs
				</a>
			)}
		</nav>
	);
}
