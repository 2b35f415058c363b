/** The alerts, read from prometheus/rules as text: the files are written in one regular form, which promtool checks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RULES = join(import.meta.dirname, 'prometheus/rules');

export type AlertRule = {
  readonly name: string;
  readonly expression: string;
  readonly severity: string;
  readonly owner: string;
  readonly annotations: Readonly<Record<string, string>>;
};

/** Every expression of the rule files, of alerts and recorded series. */
export function ruleExpressions(): string[] {
  return rules().map(({ text }) => expressionOf(text));
}

export function alertRules(): AlertRule[] {
  return rules()
    .filter(({ kind }) => kind === 'alert')
    .map(({ name, text }) => ({
      name,
      expression: expressionOf(text),
      severity: /\bseverity: (\w+)/.exec(text)?.[1] ?? '',
      owner: /\bowner: ([\w-]+)/.exec(text)?.[1] ?? '',
      annotations: Object.fromEntries(
        Array.from(text.matchAll(/^ {10}(\w+): (["'])(.*)\2$/gm), ([, key = '', , value = '']) => [
          key,
          value,
        ]),
      ),
    }));
}

function rules(): { kind: string; name: string; text: string }[] {
  return readdirSync(RULES).flatMap((file) =>
    readFileSync(join(RULES, file), 'utf8')
      .split(/^ {6}- (?=alert:|record:)/m)
      .slice(1)
      .map((text) => {
        const [, kind = '', name = ''] = /^(\w+): (\S+)/.exec(text) ?? [];
        return { kind, name, text: text.replace(/^\s*#.*$/gm, '') };
      }),
  );
}

function expressionOf(text: string): string {
  const [, folded = '', plain = ''] = /^ {8}expr:(?: >-\n((?: {10}.*\n)+)| (.*)$)/m.exec(text) ?? [];
  return (folded || plain).replace(/\s+/g, ' ').trim();
}
