/** Right-to-left letters, and marks that change the direction. */
const DIRECTIONAL =
    /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;
/** They begin or end an isolate: one within the text could end ours too early. */
const ISOLATES = /[\u2066-\u2069]/g;
const [FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE] = ["\u2068", "\u2069"];

/**
 * Return a foreign text isolated, so that it does not change the direction of the words
 * beside it (Unicode Standard Annex #9, 2.4 Explicit Directional Isolates). Text without
 * such letters and marks is returned unchanged.
 *
 * @param {string} text
 */
export function isolated(text) {
    return DIRECTIONAL.test(text)
        ? `${FIRST_STRONG_ISOLATE}${text.replace(ISOLATES, "")}${POP_DIRECTIONAL_ISOLATE}`
        : text;
}

/**
 * Return the addressee of an email, such as `"Ann" <ann@example.com>`, with the name isolated,
 * so that it does not change the direction of the address.
 *
 * @param {string} text
 */
export function isolatedMailbox(text) {
    return text.replace(/^.*(?= <[^<>]*>$)/, isolated);
}
