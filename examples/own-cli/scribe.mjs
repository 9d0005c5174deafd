// A script in place of an AI CLI that Mozart does not know. It reads the prompt on its standard input and writes one file.
// With --json it tells what it does, an event a line, and has a quota: when the first list is there, that is used up.

import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import {parseArgs} from 'node:util';

const {values} = parseArgs({
	options: {json: {type: 'boolean'}, model: {type: 'string'}, resume: {type: 'string'}},
});
const prompt = await text(process.stdin);
const [, first, last] = /squares of (\d+) to (\d+)/.exec(prompt) ?? fail('The prompt does not name the numbers.');
const [file] = /\S+\/squares-\d+\.txt/.exec(prompt) ?? fail('The prompt does not name the file.');

function tell(event) {
	if (values.json) process.stdout.write(`${JSON.stringify(event)}\n`);
	else if (event.text) process.stdout.write(`${event.text}\n`);
}

function fail(reason, exitCode = 1) {
	if (values.json) tell({type: 'failed', reason});
	else process.stderr.write(`${reason}\n`);
	process.exit(exitCode);
}

tell({type: 'begin', session: values.resume ?? `scribe-${process.pid}`});
if (values.json && existsSync(path.join(path.dirname(file), 'squares-1.txt')))
	fail('The quota is used up. Try again in 3 hours.', 75);
const numbers = Array.from({length: last - first + 1}, (_, index) => Number(first) + index);
tell({type: 'tool', tool: {name: 'Write', input: {file_path: file}}});
mkdirSync(path.dirname(file), {recursive: true});
writeFileSync(file, numbers.map(number => `${number * number}\n`).join(''));
tell({type: 'say', text: `The squares of ${first} to ${last} are written.`});
tell({type: 'done', tokens: {read: prompt.length, written: numbers.length}});
