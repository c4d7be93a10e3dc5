import type { ObjectShape, TextShape } from './shape.ts';

function duration(description: string, example: string): TextShape {
  return { kind: 'text', description: `${description} With its unit: ms, s, min, h or d.`, examples: [example] };
}

/** What `fdw doctor` holds a server to. */
export const serverExpectation: ObjectShape = {
  kind: 'object',
  noun: 'what is expected of a server',
  keys: {
    role: { kind: 'word', words: ['primary', 'standby'], description: 'Which kind of server must answer.', examples: ['standby'] },
    max_lag: duration('The most that a standby may be behind what it has received.', '30s'),
    max_lag_bytes: { kind: 'text', description: 'The same in WAL, with its unit: B, kB, MB or GB.', examples: ['16MB'] },
    tls: { kind: 'word', words: ['required', 'verified'], description: 'required: encrypted; verified: and the certificate is verified.', examples: ['verified'] },
    version: { kind: 'integer', description: 'The major version of the remote.', examples: [16] },
    min_version: { kind: 'integer', description: 'The oldest major version that the remote may have.', examples: [15] },
    max_round_trip: duration('The most that a round trip may take.', '5ms'),
    max_connect: duration('The most that the first answer may take.', '1s'),
    read_only: { kind: 'boolean', description: 'Whether the remote must refuse writes.', examples: [true] },
    user: { kind: 'text', description: 'The remote role that every user mapping must lead to.', examples: ['shop_ro'] },
  },
  description: 'What `fdw doctor` holds the server to: it fails where one of these is not so.',
  examples: [{ role: 'standby', max_lag: '30s', tls: 'verified' }],
};
