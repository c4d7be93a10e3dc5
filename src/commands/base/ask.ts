/** Whether somebody can be asked: both the answer's stream and the question's are terminals. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** inquirer, asking on stderr; loaded only when something is asked. Ctrl-C and `signal` make a question throw. */
async function prompts(signal: AbortSignal) {
  const { createPromptModule } = await import('inquirer');
  return createPromptModule({ output: process.stderr, signal });
}

/** Asks for a yes or no. */
export async function askYesNo(message: string, signal: AbortSignal): Promise<boolean> {
  const prompt = await prompts(signal);
  const { answer } = await prompt([{ type: 'confirm', name: 'answer', message, default: false }]);
  return answer;
}

/** Asks for a line of text. */
export async function askText(message: string, preset: string | undefined, signal: AbortSignal): Promise<string> {
  const prompt = await prompts(signal);
  const { answer } = await prompt([{ type: 'input', name: 'answer', message, ...(preset !== undefined && { default: preset }) }]);
  return answer;
}
