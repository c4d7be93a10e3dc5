/** Bind of the unnamed statement to the unnamed portal, all results as text, and Execute without a limit. */
const bindAndExecute = Buffer.from([0x42, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0]);
const flush = Buffer.from([0x48, 0, 0, 0, 4]);
const sync = Buffer.from([0x53, 0, 0, 0, 4]);

/**
 * The messages of a pipeline as one piece of bytes (postgresql.org/docs/18/protocol-message-formats.html): Parse, Bind and Execute of each
 * statement, a Flush after each group where it is wanted, and one Sync. As thousands of small writes they take longer than what they carry.
 */
export function pipelineMessages(groups: readonly (readonly string[])[], flushed: boolean): Buffer {
  const parses = new Map<string, Buffer>();
  const pieces: Buffer[] = [];
  for (const group of groups) {
    for (const text of group) {
      let parse = parses.get(text);
      // What opens and closes a group is the same in all of them.
      if (parse === undefined) parses.set(text, (parse = parseMessage(text)));
      pieces.push(parse, bindAndExecute);
    }
    if (flushed) pieces.push(flush);
  }
  pieces.push(sync);
  return Buffer.concat(pieces);
}

/** Parse of the unnamed statement, no types given: type, length (without the type), two names that end with NUL, a number. */
function parseMessage(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const message = Buffer.alloc(1 + 4 + 1 + bytes + 1 + 2);
  message.write('P', 0);
  message.writeInt32BE(message.length - 1, 1);
  message.write(text, 6);
  return message;
}
