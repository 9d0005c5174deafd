import {lookAtHistory} from '../../store/history/look.js';
import {type Diagnosis, fine, warned} from './diagnosis.js';

/** The history of all jobs: no run depends on it, so that nothing about it is worse than a warning. */
export async function checkHistory(file: string): Promise<Diagnosis> {
	const state = await lookAtHistory(file).catch((error: Error) => error);
	if (state instanceof Error)
		return warned(
			'history',
			`${file} cannot be read: ${state.message}`,
			'Runs do without it; mend that to ask it again',
		);
	switch (state) {
		case 'none':
			return fine('history', 'none yet (made by the first run)');
		case 'fine':
			return fine('history', file);
		case 'damaged':
			return warned(
				'history',
				`${file} is damaged`,
				'Set it aside and tell it anew from the journals: mozart history rebuild',
			);
		case 'newer':
			return warned(
				'history',
				`${file} was written by a newer Mozart`,
				'It is left alone and not written to: update Mozart',
			);
	}
}
