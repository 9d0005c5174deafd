import type {EventEmitter} from 'node:events';
import {useInput, useStdin} from 'ink';
import {useEffect, useRef} from 'react';
import {keysOf} from '../keymap.js';

/** Calls back with the keys of each input event, by their names in the keymap. */
export function useKeys(onKeys: (keys: readonly string[]) => void): void {
	// Ink takes the escape off a key that it came with, and does not always say so; where it hands events on has no public name.
	const {internal_eventEmitter: events} = useStdin() as {internal_eventEmitter?: EventEmitter};
	const bytes = useRef('');
	// Before Ink's own listener, since effects run in the order of their hooks.
	useEffect(() => {
		const note = (data: unknown) => {
			bytes.current = String(data);
		};
		events?.on('input', note);
		return () => void events?.off('input', note);
	}, [events]);
	useInput((input, key) => {
		onKeys(keysOf(input, key, bytes.current));
	});
}
