import {refusesTemperature} from '../backends/anthropic/models.js';
import {addressOf, unfitAddress} from '../backends/api/address.js';
import {outputFile} from '../backends/api/output-file.js';
import {apiKeyOf, isApi} from '../backends/keys.js';
import type {ApiBackend} from '../config/backend-schema.js';
import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import {placeholdersIn} from '../core/placeholders.js';
import {isLoopback} from '../notify/address.js';
import {backendsOf} from './backends.js';
import type {Surroundings} from './program.js';
import {perBatch} from './rules.js';
import {knownBatchCount, sampleValues} from './sample-values.js';
import {error, type Subject, warning} from './subject.js';

/** What is special about a backend that is an API: its key, its address, and that it leaves nothing but what it is told to. */
export async function checkApis(subject: Subject, {env}: Pick<Surroundings, 'env'> = process): Promise<Finding[]> {
	const found = await Promise.all(
		backendsOf(subject).map(async ({path, settings}) =>
			isApi(settings)
				? [
						...checkKey(subject, settings, path, env),
						...checkAddress(subject, settings, path, env),
						...checkTemperature(subject, settings, path),
						...(await checkOutput(subject, settings, path)),
						...checkHands(subject, settings, path),
					]
				: [],
		),
	);
	return found.flat();
}

type Environment = Surroundings['env'];

function checkKey({document}: Subject, settings: ApiBackend, path: Path, env: Environment): Finding[] {
	if (settings.api_key_env === undefined || apiKeyOf(settings, env) !== undefined) return [];
	const place = document.placeOf(
		document.find([...path, 'api_key_env']) ? [...path, 'api_key_env'] : [...path, 'type'],
	);
	const message = `the environment variable ${settings.api_key_env} is not set here: without a key the API takes nothing`;
	return [warning(place, message)];
}

function checkAddress({document}: Subject, settings: ApiBackend, path: Path, env: Environment): Finding[] {
	const isOwn = settings.base_url !== undefined;
	const place = document.placeOf([...path, isOwn ? 'base_url' : 'type']);
	const address = addressOf(settings, env);
	const unfit = unfitAddress(address);
	if (unfit !== undefined)
		return isOwn
			? [error(place, `base_url cannot be used: ${unfit}`)]
			: [warning(place, `ANTHROPIC_BASE_URL cannot be used: ${unfit}`)];
	const {protocol, hostname, pathname} = new URL(address);
	const isOpenai = settings.type === 'openai_compatible';
	if (!isOpenai && /\/v1\/?$/.test(pathname))
		return [warning(place, `the address ends before /v1, which is added: ${address} asks for /v1/v1`)];
	if (isOpenai && pathname === '/')
		return [warning(place, `most servers are spoken to at an address that ends with /v1: ${new URL('/v1', address)}`)];
	if (isLoopback(hostname)) return [];
	const proxy = ['HTTPS_PROXY', 'https_proxy'].find(name => env[name]);
	if (protocol === 'https:' && proxy !== undefined && env.NODE_USE_ENV_PROXY !== '1')
		return [
			warning(place, `the proxy of ${proxy} is used for an API only with NODE_USE_ENV_PROXY=1 in your environment`),
		];
	// Without a key it is a server of one's own.
	if (protocol === 'https:' || settings.api_key_env === undefined) return [];
	return [
		warning(place, `everybody between here and ${hostname} can read the key and all that is sent by http: use https`),
	];
}

function checkTemperature({document}: Subject, {type, temperature, model}: ApiBackend, path: Path): Finding[] {
	if (type !== 'anthropic_api' || temperature === undefined || !refusesTemperature(model)) return [];
	return [warning(document.placeOf([...path, 'temperature'], 'key'), `${model} takes no temperature: remove it`)];
}

async function checkOutput(subject: Subject, {output}: ApiBackend, path: Path): Promise<Finding[]> {
	if (!output || !subject.sound.has('workspace')) return [];
	const place = subject.document.placeOf([...path, 'output', 'file']);
	const found = outputFile(output.file, sampleValues(subject));
	if ('problem' in found) return [error(place, found.problem.replace(/\.$/, ''))];
	if (placeholdersIn(output.file).some(({name}) => perBatch.has(name))) return [];
	if (((await knownBatchCount(subject)) ?? 2) < 2) return [];
	const message =
		'every batch writes this one file, and the last one is what stays: give each its own, with {batch_num}';
	return [warning(place, message)];
}

/** An API has no hands: without tools and without a file for its reply it leaves nothing that rules could look at. */
function checkHands({document, rules}: Subject, {output, tools}: ApiBackend, path: Path): Finding[] {
	if (tools || output) return [];
	const findings: Finding[] = [];
	if (document.find([...path, 'max_turns']))
		findings.push(warning(document.placeOf([...path, 'max_turns'], 'key'), 'without tools there is one turn only'));
	if (rules.some(({rule}) => rule.type !== 'command_succeeds')) {
		const message =
			'an API writes no files by itself, and the rules look for some: keep its reply (output: {file: "{workspace}/batch-{batch_num}.md"}), or give it tools: workspace';
		findings.push(warning(document.placeOf([...path, 'type']), message));
	}
	return findings;
}
