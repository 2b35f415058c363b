/** The few facts of Opus that container headers get wrong or leave out. */

/** How long a packet sounds. "TOC byte": its high five bits give the frame length, its low two how many (RFC 6716, 3.1). */
export function opusSeconds(packet: Uint8Array): number {
  const [toc = 0, second = 0] = packet;
  const config = toc >> 3;
  const milliseconds =
    config < 12
      ? ([10, 20, 40, 60][config % 4] ?? 0)
      : config < 16
        ? ([10, 20][config % 2] ?? 0)
        : ([2.5, 5, 10, 20][config % 4] ?? 0);
  const frames = [1, 2, 2, second & 0x3f][toc & 3] ?? 0;
  return (milliseconds * frames) / 1000;
}
