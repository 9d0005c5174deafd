import * as z from 'zod';
import {closest} from '../../config/closest.js';

const listSchema = z.object({data: z.array(z.object({id: z.string()}))});

const patienceMs = 5_000;
const mostNamed = 5;

/**
 * Asks a server for the list of its models, which costs nothing: whether it is there, takes the key, and has the model.
 * One that has no such list is taken at its word.
 */
export async function modelProblem({
	address,
	model,
	key,
}: {
	address: string;
	model: string;
	key: string | undefined;
}): Promise<{found: string; advice: string; isSure: boolean} | undefined> {
	const {host} = new URL(address);
	try {
		const answer = await fetch(`${address.replace(/\/+$/, '')}/models`, {
			redirect: 'manual',
			signal: AbortSignal.timeout(patienceMs),
			...(key === undefined ? {} : {headers: {authorization: `Bearer ${key}`}}),
		});
		if (answer.status === 401) {
			await answer.body?.cancel();
			const advice = 'Put a valid one into the variable that backend.api_key_env names';
			return {found: `the server at ${host} wants ${key === undefined ? 'a' : 'another'} key`, advice, isSure: true};
		}
		const list = listSchema.safeParse(await answer.json().catch(() => undefined));
		if (!answer.ok || !list.success) return undefined;
		const ids = list.data.data.map(({id}) => id);
		// Ollama knows a model by its name alone when its tag is the usual one.
		if (ids.length === 0 || ids.includes(model) || ids.includes(`${model}:latest`)) return undefined;
		const near = closest(model, ids);
		const shown = near ?? `${ids.slice(0, mostNamed).join(', ')}${ids.length > mostNamed ? ', …' : ''}`;
		// One with a single model takes it for whatever is asked for.
		return {found: `the server at ${host} does not list a model ${model}`, advice: `It has: ${shown}`, isSure: false};
	} catch {
		return {found: `no server answers at ${host}`, advice: 'Start it, or correct backend.base_url', isSure: true};
	}
}
