// A script in place of an AI CLI, so that hello.yaml needs no key and no network. It reads the prompt on its standard
// input and writes one letter. Two faults are built in, so that there is something to see: it forgets to sign letter 2,
// and its ink is dry when letter 3 comes. It keeps no count of its attempts: what it does follows from what it finds.

import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {text} from 'node:stream/consumers';

const prompt = await text(process.stdin);

/** What the pattern's group finds in the prompt. A completion prompt quotes the task, perhaps indented. */
function find(what, pattern) {
	const found = pattern.exec(prompt)?.[1]?.trim();
	if (!found) fail(`The prompt does not name ${what}.`);
	return found;
}

function fail(sentence) {
	process.stderr.write(`${sentence}\n`);
	process.exit(1);
}

const guests = find('the guests', /Invite these guests to the concert: (.+)/).split(' and ');
const workspace = find('the workspace', /^[> \t]*Workspace: (.+)$/m);
const name = find('the letter', /^[> \t]*Letter: (.+)$/m);
const signature = find('the line to close with', /"(Yours, [^"]+)"/);
const letter = path.join(workspace, name);

/** An open bottle of ink is a file in the workspace. Only letter 3 needs one, and it is used up with the letter. */
const ink = path.join(workspace, 'ink-is-open');
const needsInk = name.endsWith('-3.md');

function sign() {
	writeFileSync(letter, `${readFileSync(letter, 'utf8').trimEnd()}\n\n${signature}\n`);
	process.stdout.write(`${name} is there already and wants only a signature. Signed.\n`);
}

function write() {
	// An old letter goes first, so that it cannot be taken for a new one when this attempt fails.
	rmSync(letter, {force: true});
	mkdirSync(path.dirname(letter), {recursive: true});

	if (needsInk && !existsSync(ink)) {
		writeFileSync(ink, '');
		fail('The ink is dry. A new bottle is open now: please ask again.');
	}

	const forgetful = name.endsWith('-2.md');
	const greeting = `Dear ${guests.join(' and dear ')},`;
	const invitation = 'you are invited to the concert, on Friday at eight in the garden.';
	writeFileSync(letter, `${[greeting, invitation, ...(forgetful ? [] : [signature])].join('\n\n')}\n`);
	if (needsInk) rmSync(ink, {force: true});
	process.stdout.write(`${name} is written, to ${guests.join(' and ')}.\n`);
}

// A letter without its last line was left so by an earlier attempt: it is finished, not written a second time.
const unsigned = existsSync(letter) && !readFileSync(letter, 'utf8').includes(signature);
if (unsigned) sign();
else write();
