/** A page's part between its marks is the program's; what stands around it is written by hand. */

/** @throws Error when the page has no such part */
export function withPart(page: string, mark: string, text: string): string {
  const own = new RegExp(`<!-- ${mark} -->\\n[\\s\\S]*<!-- /${mark} -->`);
  if (!own.test(page)) throw new Error(`the page has no part marked ${mark}`);
  return page.replace(own, () => `<!-- ${mark} -->\n${text}\n<!-- /${mark} -->`);
}
