import type { FileHandle } from 'node:fs/promises';

/** The first `most` bytes of a file, or all of it where it has fewer; also of a pipe or a device, whose size nobody knows. */
export async function readUpTo(file: FileHandle, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size < most) {
    const chunk = Buffer.alloc(Math.min(1 << 16, most - size));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    size += bytesRead;
  }
  return Buffer.concat(chunks);
}
