import { Chalk } from 'chalk';

type Paint = (text: string) => string;

/** How one stream shows things. Renderers take it, so that they are the same with and without colours. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** Where a text is shown: its colours, and the width that prose is wrapped to, in columns. */
export interface Surface {
  readonly style: Style;
  readonly width: number;
}

/** The style of a stream: in the terminal's sixteen colours, or plain. */
export function styleOf(colours: boolean): Style {
  const { bold, dim, red, green, yellow, cyan } = new Chalk({ level: colours ? 1 : 0 });
  return { bold, dim, red, green, yellow, cyan };
}

/** Where a text is for a file: no colours, and the usual width. */
export const plainSurface: Surface = { style: styleOf(false), width: 80 };
