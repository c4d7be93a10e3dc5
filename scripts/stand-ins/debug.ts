/** Stands in the bundle for debug. oclif makes a logger of it even where it is given ours; nobody writes to it. */
export default function debug(): () => void {
  return () => undefined;
}
