import {useApp} from 'ink';
import {useRef} from 'react';
import {errorWords} from '../../config/error-words.js';
import {whyNotNow} from '../../core/job-change.js';
import type {Engine} from '../../engine/engine.js';
import type {JobEditing} from '../job-edit.js';
import type {ViewAction} from '../view-state.js';

type Options = {
	engine: Pick<Engine, 'send' | 'getSnapshot'>;
	/** The way to the job file, or why there is none. */
	editing: JobEditing | string | undefined;
	act(action: ViewAction): void;
};

const keepsJob = 'the run keeps the job it had; the file stays as you have written it';

/** Changing the job while its run stands: the file in the person's editor, what that means, and only then a yes. */
export function useJobEdit({engine, editing, act}: Options): {edit(): void; take(hash: string): void; drop(): void} {
	const {suspendTerminal} = useApp();
	const isOpen = useRef(false);
	const say = (message: string) => act({type: 'say', message});

	async function openFile(way: JobEditing): Promise<void> {
		let problem: string | undefined;
		await suspendTerminal(async () => {
			problem = await way.edit(engine.getSnapshot());
		});
		if (problem !== undefined) return say(problem);
		const found = await way.look(engine.getSnapshot());
		if (found.kind === 'nothing') {
			act({type: 'back'});
			say(found.message);
		} else act({type: 'propose', lines: found.lines, hash: found.kind === 'change' ? found.hash : undefined});
	}

	return {
		edit() {
			const run = engine.getSnapshot();
			if (!editing || typeof editing === 'string') return say(editing ?? 'the job file cannot be edited from here');
			if (run.phase === 'running' || run.phase === 'stopping') return say(whyNotNow(run) ?? '');
			if (isOpen.current) return;
			isOpen.current = true;
			openFile(editing)
				.catch((error: unknown) => say(errorWords(error)))
				.finally(() => {
					isOpen.current = false;
				});
		},
		take(hash) {
			engine.send({type: 'change-job', hash}).then(
				refused => {
					if (refused === undefined) act({type: 'back'});
					say(refused ?? 'taken: the run goes on by this job (p)');
				},
				() => {},
			);
		},
		drop() {
			act({type: 'back'});
			say(`not taken: ${keepsJob}`);
		},
	};
}
