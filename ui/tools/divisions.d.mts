/** Where the file belongs. */
export const OUT: URL;
/** What the file holds. */
export function divisionsText(): string;
