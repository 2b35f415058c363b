/** The types of `marked-part.mjs`, which plain scripts import too, for the programs that are TypeScript. */
export function readMarked(file: string, name: string): string;
export function writeMarked(file: string, name: string, part: string): void;
export function withPart(text: string, name: string, part: string, file?: string): string;
