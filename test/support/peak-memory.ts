/**
 * Code that gives the most memory its process ever had resident, KB, as a number. Where the system tells it of the program
 * itself (Linux) it is asked so: what `resourceUsage` tells begins with the memory of the process that started it.
 */
export const peakKilobytes = `(() => {
	const {readFileSync} = process.getBuiltinModule('node:fs');
	try {
		return Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
	} catch {
		return process.resourceUsage().maxRSS;
	}
})()`;
