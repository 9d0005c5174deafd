import {dirname, join} from 'node:path';

/** One file for all jobs of this user, beside the registry of them. */
export const historyFile = (registry: string): string => join(dirname(registry), 'history.db');
