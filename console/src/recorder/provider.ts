/** What the server says of itself to its pages (`GET /page.json`): which provider reads the recordings. */
export async function fetchProvider(): Promise<string | null> {
  try {
    const response = await fetch('/page.json', { cache: 'no-cache' });
    const { provider } = (await response.json()) as { readonly provider?: unknown };
    return typeof provider === 'string' ? provider : null;
  } catch {
    return null;
  }
}
