/**
 * Lets a reader close the pipe early (`fdw plan | head`) without a word. The command goes on: an apply must
 * not stop halfway because nobody listens any more.
 */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
