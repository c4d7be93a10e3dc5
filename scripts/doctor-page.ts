import { healthChecks } from '../src/model/health.ts';

/** `docs/doctor.md`: the command, and every check, in print. */
export function doctorPage(): string {
  const sections = Object.entries(healthChecks).map(([id, { what, why, todo }]) => `### ${id}\n\n${what} ${why}\n\n**What to do:** ${todo}\n`);
  return [head, ...sections].join('\n');
}

const head = `# fdw doctor

Looks at how each foreign server is, as the database sees it: it is the database that connects, through the server and each of its user
mappings, never this machine. Changes nothing, here or there; what it opens ends with it.

\`\`\`sh
fdw doctor                              # all servers of the database
fdw doctor --server shop --json         # one, for a program
fdw doctor --server shop --watch        # again and again, until Ctrl-C
fdw doctor --fail-on warning            # in CI: warnings, and what could not be told, count too
fdw doctor --format github --output junit=doctor.xml --output sarif=doctor.sarif
\`\`\`

Each line has a level: \`ok\`; \`note\`, which is worth knowing; \`warning\`; \`unknown\`, where it could not be looked at, and the line says what is
missing; \`fail\`. The exit code is 2 where something failed, 1 where fdw could not do its work, else 0.

A role's user mapping is tried by becoming that role, so the connected role must be allowed to; PUBLIC's by the connected role, if it
has none of its own. Up to \`--jobs\` servers are looked at at once, each over a connection of its own to the database (\`--jobs 1\`: one
connection in all). A server that does not answer within \`--patience\` seconds delays only its own lines.

How far a standby is behind, and which of several hosts answered, takes a function call on the remote: it is made through
\`dblink\` where that extension is installed here, and is \`unknown\` otherwise. Standbys of a primary are shown to remote roles with \`pg_monitor\`.

## Formats

\`--format\` chooses what is printed, \`--output FORMAT=FILE\` writes files beside it.

| format | is |
|---|---|
| \`text\` | for people, by server and user mapping |
| \`json\` | everything; [schema/doctor.schema.json](../schema/doctor.schema.json) says how |
| \`markdown\` | a table of what somebody should look at, the worst first |
| \`github\` | the same as annotations where the spec names the server: failures as errors, warnings and what is unknown as warnings; and the Markdown in the summary of the step |
| \`junit\` | a suite for each server, a case for each line; what is unknown is skipped, and only failures fail |
| \`sarif\` | SARIF 2.1.0: a rule for each check |

\`--watch\` shows text or JSON; files are written anew each time, every five seconds or as \`--interval\` says.

## Expectations

What a server must be like stands in the spec, under [\`expect\`](spec.md#expectations-of-a-server). Each is a line of its own, and fails where
it is not so or cannot be told.

## Checks
`;
