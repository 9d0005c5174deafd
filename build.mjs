// Builds dist/: the launcher, the whole program in one file, and the JSON Schema of the job file.
import {createHash} from 'node:crypto';
import {chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {build} from 'esbuild';

const common = {
	bundle: true,
	platform: 'node',
	format: 'cjs',
	write: false,
	minifySyntax: true,
	logLevel: 'warning',
};

/** Changes one line of a library's file; fails where the line is no more as it was. */
const patch = (file, line, by) => ({
	name: `patch ${file}`,
	setup: ({onLoad}) =>
		onLoad({filter: new RegExp(`/node_modules/${file}$`)}, ({path}) => {
			const text = readFileSync(path, 'utf8');
			const contents = text.replaceAll(line, by);
			if (contents === text) throw new Error(`${path} has changed: see whether its patch in build.mjs is still needed`);
			return {contents, loader: 'js'};
		}),
});

/** The program is one script, so that V8's code of it can be kept (see source/launch/kept-code.ts), and a script cannot wait. */
const withoutWaiting = [
	// The screen waits for it: source/ui/load-screen.ts.
	patch(
		'yoga-layout/dist/src/index.js',
		'const Yoga = wrapAssembly(await loadYoga());',
		`import constants from './generated/YGEnums.js';
		const Yoga = {...constants};
		export const ready = loadYoga().then(library => Object.assign(Yoga, wrapAssembly(library)));`,
	),
	// Ink's developer tools.
	patch('ink/build/reconciler.js', "process.env['DEV'] === 'true'", 'false'),
];

/** Commander would load it for every command, only to be ready for some that are programs of their own. */
const withoutPrograms = patch(
	'commander/lib/command.js',
	"import childProcess from 'node:child_process';",
	'const childProcess = {};',
);

/** To make functions out of schemas takes ms when they are first used, and saves µs later on. */
const withoutCompiler = patch(
	'zod/v4/core/schemas.js',
	'const jit = !core.globalConfig.jitless;',
	'const jit = false;',
);

/** The set of all emoji takes ICU 10 ms to build: not before a text has a sign that may be one. */
const lateEmoji = patch(
	'string-width/index.js',
	/^const (\w+) = (\/.*\\p\{RGI_Emoji\}.*\/v);$/gm,
	`const $1 = {
		exec: text => (text.length > 1 || /\\p{Emoji_Presentation}/v.test(text) ? $2.exec(text) : null),
		test(text) {
			return this.exec(text) !== null;
		},
	};`,
);

/** Of OpenAI's SDK only what is needed goes into the program: the whole is three times as large. */
const onlyChat = patch(
	'openai/client.mjs',
	/^(?:import (?:\* as API|\{[^}]*\}) from "\.\/resources\/(?!chat\/).*|\s*this\.\w+ = new API\.\w+\(this\);|OpenAI\.\w+ = \w+;)$/gm,
	line => (line.includes('API.Chat(') ? 'this.chat = new Chat(this);' : ''),
);

const withoutRunners = patch(
	'openai/resources/chat/completions/completions.mjs',
	/^(?:import|export) \{ ChatCompletion(?:Streaming)?(?:Runner|Stream)\b.*$/gm,
	'',
);

/**
 * Libraries that few commands need, each in a file of its own beside the program, with what of it is imported: they would
 * make every start slower, since V8 reads the names of all functions of a script. Nothing that a run may need only after
 * hours, when the program on the disk may be a newer one or none.
 */
const libraries = {
	anthropic: {'@anthropic-ai/sdk/client': '{BaseAnthropic}', '@anthropic-ai/sdk/resources/messages': '{Messages}'},
	openai: {'openai/client': '{OpenAI}'},
	nodemailer: {nodemailer: '{createTransport}'},
	hono: {
		hono: '*',
		'hono/cookie': '*',
		'hono/etag': '*',
		'hono/html': '*',
		'hono/jsx/jsx-runtime': '*',
		'hono/method-not-allowed': '*',
		'hono/secure-headers': '*',
		'@hono/node-server': '*',
	},
	screen: {
		react: '*',
		'react/jsx-runtime': '{jsx, jsxs, Fragment}',
		ink: '*',
		'ink-spinner': '{default as Spinner}',
		'yoga-layout': '{ready}',
		'cli-truncate': '{default as cliTruncate}',
		'string-width': '{default as stringWidth}',
		'wrap-ansi': '{default as wrapAnsi}',
	},
};

/** Small ones, which plain lines need too: from a file beside the program for the screen alone. */
const alsoElsewhere = ['cli-truncate', 'string-width'];

const besideProgram = {
	name: 'libraries beside the program',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^\.\/\w+\.cjs$/, namespace: 'beside'}, ({path}) => ({path, external: true}));
		onResolve({filter: /^[@a-z]/}, ({path, importer}) => {
			if (importer.includes('node_modules')) return undefined;
			if (alsoElsewhere.includes(path) && !importer.includes('/source/ui/')) return undefined;
			const [library, parts] = Object.entries(libraries).find(([, parts]) => path in parts) ?? [];
			if (!library) {
				return /^(@anthropic-ai|openai|nodemailer|hono|@hono)\b/.test(path)
					? {errors: [{text: `say in build.mjs which file ${path} goes into`}]}
					: undefined;
			}
			const [, name] = /^{default as (\w+)}$/.exec(parts[path]) ?? [];
			if (name === undefined) return {path: `./${library}.cjs`, external: true};
			return {path, namespace: 'beside', pluginData: `export {${name} as default} from './${library}.cjs';`};
		});
		onLoad({filter: /./, namespace: 'beside'}, ({pluginData}) => ({contents: pluginData}));
	},
};

/** A script by itself, as the launcher runs it: a function of what it hands in. It reads one byte a sign. */
const script = text =>
	`(function (exports, require, module, __filename, __dirname, MOZART_BUILD) {${text}})`.replace(
		// Strings are ASCII by now; what is left stands in regular expressions.
		/[^\0-\x7f]/g,
		sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

const asScript = {
	...common,
	outdir: 'dist',
	target: 'node22',
	// Else esbuild takes patterns that it does not know for new ones, and has them built at every call.
	// A script of its own cannot import Node's modules later on; it can require them.
	supported: {'regexp-unicode-property-escapes': true, 'regexp-set-notation': true, 'dynamic-import': false},
	define: {'process.env.NODE_ENV': '"production"', 'import.meta.dirname': '__dirname'},
	// Code is found by its line in a report of a bug.
	minifyWhitespace: true,
	lineLimit: 160,
};

const [{text: bundle}] = (
	await build({
		...asScript,
		entryPoints: ['cli.tsx'],
		plugins: [besideProgram, withoutPrograms, withoutCompiler, lateEmoji],
	})
).outputFiles;
const scripts = {mozart: script(`"use strict";${bundle}`)};
for (const [library, parts] of Object.entries(libraries)) {
	const contents = Object.entries(parts).map(([part, names]) => `export ${names} from '${part}';`);
	const [{text}] = (
		await build({
			...asScript,
			stdin: {contents: contents.join('\n'), resolveDir: '.'},
			plugins: [onlyChat, withoutRunners, ...withoutWaiting, lateEmoji],
		})
	).outputFiles;
	scripts[library] = script(text);
}
const name = createHash('sha256').update(Object.values(scripts).join('')).digest('hex').slice(0, 16);

const [{text: launcher}] = (
	await build({
		...common,
		entryPoints: ['source/launch/launch.ts'],
		outdir: 'dist',
		// It must be understood by any Node, to tell an old one what is needed.
		target: 'node14',
		banner: {js: '#!/usr/bin/env node'},
		define: {MOZART_BUILD: JSON.stringify(name)},
	})
).outputFiles;

rmSync('dist', {recursive: true, force: true});
mkdirSync('dist');
for (const [file, text] of Object.entries(scripts)) writeFileSync(`dist/${file}.cjs`, text);
writeFileSync('dist/launch.cjs', launcher);
chmodSync('dist/launch.cjs', 0o755);
cpSync('source/dashboard/pages/assets', 'dist/assets', {recursive: true});
