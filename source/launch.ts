#!/usr/bin/env node
// Runs on any Node with modules, so that an old one gets a sentence and no stack trace: nothing newer may stand here.
import module from 'node:module';

const needed = [22, 13];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [flag = '', ...more] = process.argv.slice(2);

if (major < needed[0]! || (major === needed[0] && minor < needed[1]!)) {
	process.stderr.write(
		`mozart needs Node ${needed.join('.')} or newer; this is Node ${process.versions.node}. Install a newer one, for example: npm install --global node@24\n`,
	);
	process.exitCode = 2;
} else if (['-V', '--version'].includes(flag) && more.length === 0) {
	// Scripts ask this often: no need to load a program for it. The path is that of the bundle's.
	const {version} = module.createRequire(import.meta.url)('../../package.json');
	process.stdout.write(`${version}\n`);
} else {
	// Before anything large is loaded: what is compiled once is kept below the system's temporary folder.
	module.enableCompileCache();
	// Put together so that the bundler leaves this import for the moment it runs.
	const cli = new URL('../cli.js', import.meta.url).href;
	import(cli);
}
