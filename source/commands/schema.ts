import {join} from 'node:path';
import {editorSchema} from '../config/editor-schema.js';
import {webhookJsonSchema} from '../notify/webhook-body.js';
import type {Context, Ending} from './context.js';

/** The schema as a file of the package, for editors. The build puts it beside the bundle, of which this module is a part. */
export const schemaFile = join(import.meta.dirname, 'job.schema.json');

/** `mozart schema`: the JSON Schema of the job file; with `path`, where the package keeps it; with `webhook`, of what webhooks get. */
export function schema({path, webhook = false}: {path: boolean; webhook?: boolean}, context: Context): Ending {
	if (path && webhook) {
		context.err('--path is of the job file’s schema: give either --path or --webhook');
		return 'usage';
	}
	const shown = webhook ? webhookJsonSchema() : editorSchema();
	context.out(path ? schemaFile : JSON.stringify(shown, undefined, '\t'));
	return 'done';
}
