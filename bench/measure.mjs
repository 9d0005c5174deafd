// Preloaded into every measured process: at its end it writes what the process itself has used to $BENCH_REPORT.
import {readFileSync, writeFileSync} from 'node:fs';

/** The CPU time of the children that have ended, from Linux's own books (1/100 s); elsewhere it stays unknown. */
function childrenCpuMs() {
	if (process.platform !== 'linux') return undefined;
	const stat = readFileSync('/proc/self/stat', 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[13]) + Number(fields[14])) * 10;
}

process.on('exit', () => {
	// Of this process with all its threads, without its children.
	const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
	const cpuMs = (userCPUTime + systemCPUTime) / 1000;
	writeFileSync(
		process.env.BENCH_REPORT,
		JSON.stringify({cpuMs, memoryMb: maxRSS / 1024, childrenCpuMs: childrenCpuMs()}),
	);
});
