import type { Session } from '../../postgres/session.ts';
import { explainBothPlans, explainInFlight } from './explain.ts';
import type { ExplainOptions, Explained } from './explain.ts';

/** What is known of a statement once it has been EXPLAINed. */
export interface Answer {
  /** Of one with parameters the generic plan. */
  readonly explained: Explained;
  /** Of one with parameters that has a generic plan. */
  readonly custom: Explained | undefined;
  readonly seconds: number;
}

/** How many statements are under way at most, and how many characters of them: a batch is one request to cancel, and one write. */
const most = { statements: 128, characters: 1_000_000 };

/** How many statements may be under way; kept from one call to the next. */
export interface Pace {
  size: number;
}

/**
 * The plans of statements, in their order. Those without parameters are sent several at once: after an error one alone, and
 * then twice as many each time that all went well, so that a file of nothing but errors costs no more than one at a time.
 *
 * @param next called before each statement with its index
 */
export async function explainStatements(
  session: Session,
  statements: readonly { readonly sql: string; readonly parameters: number }[],
  options: ExplainOptions,
  next: (index: number) => void,
  pace: Pace = { size: 1 },
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let started = performance.now();
  const lap = (): number => {
    const now = performance.now();
    const seconds = (now - started) / 1000;
    started = now;
    return seconds;
  };
  let announced = -1;
  const announce = (index: number): void => {
    if (index <= announced || index >= statements.length) return;
    announced = index;
    next(index);
  };
  while (answers.length < statements.length) {
    const from = answers.length;
    const batch = batchOf(statements, from, pace.size);
    announce(from);
    lap();
    const [first] = batch;
    if (first !== undefined && first.parameters > 0) {
      answers.push({ ...(await explainBothPlans(session, first.sql, options)), seconds: lap() });
      continue;
    }
    const seconds: number[] = [];
    const explained = await explainInFlight(session, batch.map(({ sql }) => sql), options, {}, () => {
      seconds.push(lap());
      announce(from + seconds.length);
    });
    answers.push(...explained.map((each, index) => ({ explained: each, custom: undefined, seconds: seconds[index] ?? 0 })));
    pace.size = explained.length < batch.length || explained.some((each) => 'error' in each) ? 1 : Math.min(most.statements, pace.size * 2);
  }
  return answers;
}

/** The next statement, with those after it that can be sent along. */
function batchOf<S extends { readonly sql: string; readonly parameters: number }>(statements: readonly S[], from: number, size: number): readonly S[] {
  let end = from + 1;
  let characters = statements[from]?.sql.length ?? 0;
  for (; end < Math.min(statements.length, from + size); end += 1) {
    const { sql, parameters } = statements[end] ?? { sql: '', parameters: 1 };
    characters += sql.length;
    if (parameters > 0 || (statements[from]?.parameters ?? 0) > 0 || characters > most.characters) break;
  }
  return statements.slice(from, end);
}
