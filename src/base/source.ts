import { dirname, resolve } from 'node:path';

/** A text that a user wrote, kept so that a problem found later can still show its line. */
export interface SourceFile {
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  readonly text: string;
  /** Parts of `text` that no output may show (a password written out); sorted, apart from each other. */
  readonly sensitive?: readonly TextRange[];
}

/** UTF-16 offsets into a text: from `start`, up to but not including `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A place in a source file. Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export interface SourceSpan {
  readonly source: SourceFile;
  readonly line: number;
  readonly column: number;
  /** Where it ends on the same line (exclusive); at least `column + 1`. */
  readonly endColumn: number;
}

/** The folder that relative paths in a source start from, as an absolute path. */
export function folderOf({ file }: SourceFile): string {
  return file === '-' ? process.cwd() : dirname(resolve(file));
}
