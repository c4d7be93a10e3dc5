/** Whether somebody can be asked: both the answer's stream and the question's are terminals. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks one question on stderr. inquirer is loaded only now. Ctrl-C and `signal` make it throw.
 * @returns what was answered, of the type that the question's kind gives
 */
async function ask(type: 'confirm' | 'input' | 'checkbox', message: string, how: { readonly default?: unknown; readonly choices?: readonly { readonly name: string; readonly value: unknown }[] }, signal: AbortSignal): Promise<unknown> {
  const { createPromptModule } = await import('inquirer');
  const prompt = createPromptModule({ output: process.stderr, signal });
  const answers: Readonly<Record<string, unknown>> = await prompt([{ type, name: 'answer', message, ...how }]);
  return answers['answer'];
}

/** Asks for a yes or no; Enter alone is no. */
export async function askYesNo(message: string, signal: AbortSignal): Promise<boolean> {
  return (await ask('confirm', message, { default: false }, signal)) === true;
}

/** Asks for a line of text; Enter alone gives the preset. */
export async function askText(message: string, preset: string | undefined, signal: AbortSignal): Promise<string> {
  const answer = await ask('input', message, { default: preset }, signal);
  return typeof answer === 'string' ? answer : '';
}

/** Asks which of some lines apply; Enter alone is none. @returns their indexes */
export async function askWhich(message: string, lines: readonly string[], signal: AbortSignal): Promise<readonly number[]> {
  const answer = await ask('checkbox', message, { choices: lines.map((name, value) => ({ name, value })) }, signal);
  return Array.isArray(answer) ? answer.filter((each) => typeof each === 'number') : [];
}
