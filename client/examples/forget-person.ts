/** What is a person's own: everything as an archive, and being forgotten, here and on the server. */
import type { ChunkUploadManager, VoiceApi } from '@thankly/voice-client';
import { saveStream } from '@thankly/voice-client/web';

export async function download(api: VoiceApi): Promise<void> {
  const { fileName, body } = await api.exportMe(); // a ZIP archive as a stream
  await saveStream(body, fileName); // a download, without holding it in memory
}

export async function forget(
  manager: ChunkUploadManager,
  show: (sessionsLeft: number) => void,
): Promise<void> {
  for await (const { sessionsLeft } of manager.eraseMe()) show(sessionsLeft);
}
