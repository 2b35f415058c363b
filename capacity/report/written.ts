/** How figures are written: three digits that count, with their unit. */
import { ITEMS, type Item } from '../model/unit-costs.ts';

export function count(value: number): string {
  if (value !== 0 && Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return Math.round(value).toLocaleString('en');
}

/** Of a thousand each. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let at = 0;
  let left = value;
  for (; left >= 999.5 && at < units.length - 1; at++) left /= 1_000;
  return `${count(left)} ${units[at]}`;
}

export function seconds(value: number): string {
  if (Number.isNaN(value)) return '';
  return value < 1 ? `${count(value * 1_000)} ms` : `${count(value)} s`;
}

export function dollars(value: number): string {
  if (value < 1) return `$${count(value)}`;
  return `$${value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en')}`;
}

export function percent(share: number): string {
  return `${count(share * 100)} %`;
}

/** `1 M`, `100 k`. */
export function short(value: number): string {
  if (value >= 1e6) return `${count(value / 1e6)} M`;
  return value >= 1e3 ? `${count(value / 1e3)} k` : count(value);
}

export function amountOf(item: Item, value: number): string {
  const { unit } = ITEMS[item];
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'seconds':
      return seconds(value);
    case 'count':
      return count(value);
    default:
      return unit satisfies never;
  }
}
