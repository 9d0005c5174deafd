import {stripControls} from '../../process/sanitize.js';
import {createPen} from '../pen.js';
import {callWords, firstLine, resultWords} from '../tool-words.js';
import {utcTime} from '../utc-time.js';
import type {AssistantEvent, Block, ClaudeEvent, LimitInfo, ResultEvent, SystemEvent} from './event.js';
import {limitName} from './limit-words.js';
import {costOf} from './usage.js';

/**
 * Turns the events of one run into text for a person who watches; an event that says nothing gives the empty text.
 * `knownUsd` is what the session had cost before.
 */
export function createLiveText(knownUsd: number): (event: ClaudeEvent) => string {
	let cwd: string | undefined;
	const {paragraph, line, last} = createPen();
	const denied = new Set<string>();
	/** Calls that nothing has come back of yet; several can be made at once. */
	const calls = new Map<string, {tool: string; words: string}>();
	let lastCall = '';

	function ofAssistant({message, parent_tool_use_id: parent}: AssistantEvent): string {
		// What a helper says goes to the one who sent it; what it does is shown a step to the right.
		const indent = parent ? '  ' : '';
		const words = (block: Block) => {
			if (block.type === 'tool_use') {
				const words = callWords(block, cwd);
				calls.set(block.id, {tool: block.name, words});
				lastCall = block.id;
				return line(`${indent}● ${words}`);
			}
			return block.type === 'text' && !parent ? paragraph(block.text) : '';
		};
		return message.content.map(words).join('');
	}

	/** What came back of a call, a step to the right of it; one that does not stand right below its call says whose it is. */
	function ofTool(block: Block, indent: string): string {
		const call = calls.get(block.tool_use_id);
		calls.delete(block.tool_use_id);
		const isBelow = lastCall === block.tool_use_id || !call;
		lastCall = '';
		const whose = isBelow ? '' : `${shortName(call.words)} · `;
		return line(`${indent}${block.is_error ? '✗' : '↳'} ${whose}${resultWords(block, call?.tool ?? '', cwd)}`);
	}

	function ofSystem(event: SystemEvent): string {
		switch (event.subtype) {
			case 'init':
				cwd = event.cwd;
				return '';
			case 'api_retry': {
				const status = event.error_status === undefined ? '' : ` ${event.error_status}`;
				const reason = event.error && event.error !== 'unknown' ? ` (${event.error.replaceAll('_', ' ')})` : '';
				const tries = `try ${event.attempt ?? '?'} of ${event.max_retries ?? '?'}`;
				return line(`… API error${status}${reason}: ${tries} in ${Math.ceil((event.retry_delay_ms ?? 0) / 1000)} s`);
			}
			case 'permission_denied':
				denied.add(event.tool_use_id);
				return line(`  ✗ not allowed: ${firstLine(event.tool_name)}`);
			case 'model_fallback':
				return event.content ? line(`! ${firstLine(event.content)}`) : '';
			case 'compact_boundary':
				return line('… the conversation was compacted');
			default:
				return '';
		}
	}

	function ofResult(result: ResultEvent): string {
		const said = stripControls(result.result ?? '').trim();
		const words = said === last() ? '' : paragraph(said);
		const tools = [...new Set(result.permission_denials.map(({tool_name: tool}) => tool))];
		const errors = result.errors
			.filter(Boolean)
			.map(error => line(`! ${firstLine(error)}`))
			.join('');
		const not = tools.length === 0 ? '' : line(`! not allowed: ${firstLine(tools.join(', '))}`);
		return `${words}${errors}${not}${line(endWords(result, knownUsd))}`;
	}

	return event => {
		switch (event.type) {
			case 'assistant':
				return ofAssistant(event);
			case 'user': {
				const indent = event.parent_tool_use_id ? '    ' : '  ';
				return event.message.content
					.filter(block => block.type === 'tool_result' && !denied.has(block.tool_use_id))
					.map(block => ofTool(block, indent))
					.join('');
			}
			case 'system':
				return ofSystem(event);
			case 'rate_limit_event':
				return limitWords(event.rate_limit_info).map(line).join('');
			case 'result':
				return ofResult(event);
		}
	};
}

const shortName = (words: string) => (words.length > 40 ? `${words.slice(0, 39)}…` : words);

function limitWords(info: LimitInfo): string[] {
	const resets = info.resetsAt === undefined ? '' : `; it resets ${utcTime(info.resetsAt * 1000)}`;
	if (info.status === 'rejected' && info.rateLimitType)
		return [`! ${limitName(info.rateLimitType)} is reached${resets}`];
	if (info.status !== 'allowed_warning') return [];
	const share = info.utilization === undefined ? 'Much' : `${Math.round(info.utilization * 100)} %`;
	return [`! ${share} of ${limitName(info.rateLimitType).toLowerCase()} is used${resets}`];
}

function endWords(result: ResultEvent, knownUsd: number): string {
	const cost = costOf(result, knownUsd)?.ownUsd;
	const parts = [
		result.num_turns === undefined ? '' : `${result.num_turns} ${result.num_turns === 1 ? 'turn' : 'turns'}`,
		result.duration_ms === undefined ? '' : `${(result.duration_ms / 1000).toFixed(1)} s`,
		cost === undefined ? '' : `$${cost.toFixed(2)}`,
	].filter(part => part !== '');
	return `${result.is_error ? '✖ failed' : '✔ done'}${parts.length > 0 ? ` · ${parts.join(' · ')}` : ''}`;
}
