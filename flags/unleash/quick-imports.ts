/**
 * Unleash imports date-fns, three hundred modules in a package whose package.json is 200 kB. Node asks for each of them
 * whether it is a module, and is given, and parses, the whole file each time (getPackageScopeConfig): of the four seconds
 * that it takes to import Unleash, two. All of that package's `.js` are modules; told so, it does not ask.
 */
import { registerHooks } from 'node:module';

const INSIDE = '/node_modules/date-fns/';

export function quickImports(): void {
  const known = new Map<string, { readonly url: string; readonly format: 'module' }>();
  registerHooks({
    resolve(specifier, context, next) {
      if (context.conditions?.includes('require')) return next(specifier, context);
      const isInside = specifier.startsWith('.') && context.parentURL?.includes(INSIDE) === true;
      if (isInside && specifier.endsWith('.js')) {
        const { href } = new URL(specifier, context.parentURL);
        return { url: href, format: 'module', shortCircuit: true };
      }
      if (specifier !== 'date-fns' && !specifier.startsWith('date-fns/')) return next(specifier, context);
      const before = known.get(specifier);
      if (before !== undefined) return { ...before, shortCircuit: true };
      const found = next(specifier, context);
      if (found.format === 'module') known.set(specifier, { url: found.url, format: found.format });
      return found;
    },
  });
}
