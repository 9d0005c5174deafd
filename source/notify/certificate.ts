/** Node’s and OpenSSL’s codes for certificates whose signer is not known. */
const unknownSigner = /^(UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|(DEPTH_ZERO_)?SELF_SIGNED_CERT)/;

/**
 * Why a server is not believed to be the one it should be, by the code of what TLS has thrown; undefined for any other
 * error. Another try mends none of it, but a person can: whose mail server or gateway is signed by an authority of their
 * own gives Node that authority’s certificate, which then holds for every way at once.
 */
export function certificateWords(code: unknown): string | undefined {
	if (typeof code !== 'string') return undefined;
	if (unknownSigner.test(code))
		return 'its certificate is signed by nobody that is trusted here; for an authority of your own set NODE_EXTRA_CA_CERTS to the file of its certificate';
	switch (code) {
		case 'CERT_HAS_EXPIRED':
			return 'its certificate has expired';
		case 'CERT_NOT_YET_VALID':
			return 'its certificate is not valid yet, or the clock of this machine is wrong';
		case 'ERR_TLS_CERT_ALTNAME_INVALID':
			return 'its certificate is for another name: write the name that it is for';
		default:
			return /^(CERT_|ERR_TLS_CERT_|INVALID_CA$|INVALID_PURPOSE$)/.test(code)
				? `its certificate cannot be trusted (${code})`
				: undefined;
	}
}
