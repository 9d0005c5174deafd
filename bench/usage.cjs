// Required before all else into every measured process: at its end it writes the CPU time it has used, in ms, to
// $BENCH_REPORT. CommonJS, because a preloaded ES module would warm up what the programs here are to pay for.
process.on('exit', () => {
	const {user, system} = process.cpuUsage();
	require('node:fs').writeFileSync(process.env.BENCH_REPORT, String((user + system) / 1000));
});
