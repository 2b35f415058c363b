/** Which proxies' X-Forwarded-For is believed, as Express's `trust proxy` takes it. */
import { isIP } from 'node:net';
import { z } from 'zod';

const NAMES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];
const MOST_HOPS = 10;

/** A number of proxies in front of us, or their addresses; "all" is not offered, as then everybody says who he is. */
export const trustedProxies = z
  .string()
  .trim()
  .transform((value, context): number | string => {
    if (/^\d+$/.test(value)) {
      const hops = Number(value);
      if (hops >= 1 && hops <= MOST_HOPS) return hops;
    } else {
      const items = value.split(/\s*,\s*/);
      if (items.every(isTrustable)) return items.join(', ');
    }
    context.addIssue({
      code: 'custom',
      message: `how many proxies are in front (1 to ${MOST_HOPS}), or their addresses, such as 10.0.0.0/8,loopback`,
    });
    return z.NEVER;
  })
  .optional();

function isTrustable(item: string): boolean {
  if (NAMES.includes(item)) return true;
  const [address = '', bits, ...more] = item.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
