#!/usr/bin/env node
// Runs on any Node with modules, so that an old one gets a sentence and no stack trace: nothing newer may stand here.
const needed = [22, 13];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > needed[0]! || (major === needed[0] && minor >= needed[1]!)) {
	// The path of the bundle, put together so that the bundler leaves this import for the moment it runs.
	const cli = new URL('../cli.js', import.meta.url).href;
	import(cli);
} else {
	process.stderr.write(
		`mozart needs Node ${needed.join('.')} or newer; this is Node ${process.versions.node}. Install a newer one, for example: npm install --global node@24\n`,
	);
	process.exitCode = 2;
}
