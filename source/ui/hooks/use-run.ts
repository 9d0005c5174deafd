import {useSyncExternalStore} from 'react';
import type {Run} from '../../core/run.js';
import type {Frames} from '../frames.js';

/** Draws again with each frame; undefined until the first facts of a new job are on disk. */
export function useRun(frames: Frames): Run | undefined {
	useSyncExternalStore(frames.subscribe, frames.getVersion);
	return frames.run();
}
