// What the path of a file tells about it. Names only: no file is opened.

const any = (...patterns) => {
	const pattern = new RegExp(patterns.map(({source}) => source).join('|'), 'i');
	return path => pattern.test(path);
};

/** Tests, by the folder or the name that most languages give them. */
export const isTest = any(/(^|\/)(tests?|specs?|__tests__|e2e)\//, /[._-](test|spec)s?\.\w+$/, /(^|\/)test_[^/]*$/);

/** Program text that tests could cover. */
export const isCode = path =>
	/\.([cm]?[jt]sx?|py|go|rs|java|kt|scala|c|cc|cpp|h|hpp|cs|rb|php|swift|sh|pl|lua|ex|exs|hs|ml)$/i.test(path) &&
	!isTest(path);

/** Files that decide how the program is built, tested and released. */
export const isBuild = any(
	/(^|\/)(makefile|dockerfile|jenkinsfile|cmakelists\.txt|\.gitlab-ci\.yml|tox\.ini|setup\.(py|cfg)|pyproject\.toml)$/,
	/(^|\/)(\.github|\.circleci|\.ci|\.buildkite)\//,
	/(^|\/)(package\.json|tsconfig[^/]*\.json|cargo\.toml|go\.mod|pom\.xml|build\.gradle(\.kts)?|gemfile)$/,
);

/** Files that pin dependencies. */
export const isLock = any(
	/(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/,
	/(^|\/)(cargo\.lock|go\.sum|gemfile\.lock|poetry\.lock|uv\.lock|composer\.lock|flake\.lock)$/,
);

/** Places where a small mistake costs much. */
export const isSensitive = any(
	/(^|[/._-])(auth\w*|login|session|passwords?|passwd|secrets?|credentials?|tokens?|crypto|security)([/._-]|$)/,
	/(^|[/._-])(permissions?|migrations?|payments?|billing)([/._-]|$)/,
	/(^|\/)\.env(\.|$)/,
	/\.(pem|key)$/,
);
