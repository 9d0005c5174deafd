import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {checkJob} from '../../source/check/check.js';
import type {Finding} from '../../source/config/finding.js';
import {loadJob} from '../../source/config/load.js';
import {inFolder} from '../config/job-file.js';

/** What a check says about a job of these parts, in a folder with these files. */
export async function found(
	parts: {[section: string]: string},
	files: {[name: string]: string} = {},
): Promise<{findings: Finding[]; said: string[]; source: string}> {
	return inFolder(async folder => {
		for (const [name, text] of Object.entries(files)) {
			await mkdir(dirname(join(folder, name)), {recursive: true});
			if (!name.endsWith('/')) await writeFile(join(folder, name), text);
			else await mkdir(join(folder, name));
		}
		const sections = {
			name: 'j',
			backend: '{type: command, command: [node]}',
			batch: '{size: 1, total_items: 2}',
			prompt: '{template: x}',
			validations: '[{type: file_exists, path: "{batch_num}"}]',
			...parts,
		};
		const text = Object.entries(sections)
			.map(([key, value]) => (value === '' ? '' : `${key}: ${value}\n`))
			.join('');
		await writeFile(join(folder, 'job.yaml'), text);
		const loaded = await loadJob(join(folder, 'job.yaml'));
		const findings = (await checkJob(loaded)).map(finding => ({
			...finding,
			file: finding.file.replace(`${folder}/`, ''),
		}));
		return {
			findings,
			said: findings.map(finding => marked(finding, loaded.source).replaceAll(folder, '<folder>')),
			source: loaded.source,
		};
	});
}

/** A finding as `line «marked text» severity: message`, with ` => mend`. */
function marked(finding: Finding, source: string): string {
	const line = finding.sourceLine ?? source.split('\n')[finding.line - 1] ?? '';
	const text = line.slice(finding.column - 1, finding.column - 1 + finding.length);
	const mend = finding.mend === undefined ? '' : ` => ${finding.mend}`;
	return `${finding.line} «${text}» ${finding.severity}: ${finding.message}${mend}`;
}

export const rules = (...lines: string[]) => `\n${lines.map(line => `  - {${line}}\n`).join('')}`;
