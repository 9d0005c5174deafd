import {join} from 'node:path';
import {editorSchema} from '../config/editor-schema.js';
import type {Context, Ending} from './context.js';

/** The schema as a file of the package, for editors. The build puts it beside the bundle, of which this module is a part. */
export const schemaFile = join(import.meta.dirname, 'job.schema.json');

/** `mozart schema`: the JSON Schema of the job file; with `path`, where the package keeps it. */
export function schema({path}: {path: boolean}, context: Context): Ending {
	context.out(path ? schemaFile : JSON.stringify(editorSchema(), undefined, '\t'));
	return 'done';
}
