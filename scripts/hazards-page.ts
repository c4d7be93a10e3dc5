import { consentIds, hazardKinds, type HazardWeight } from '../src/model/hazards.ts';

const weights: Readonly<Record<HazardWeight, string>> = {
  advice: 'Advice: shown, and stops nothing.',
  consent: 'Needs consent: `fdw apply` refuses without `--allow ID`.',
  refused: 'Refused: `fdw apply` carries out no plan with it.',
};

/** `docs/hazards.md`: every hazard that a plan names, in print. */
export function hazardsPage(): string {
  const sections = Object.entries(hazardKinds).map(
    ([id, { weight, what, why, todo }]) => `## ${id}\n\n*${weights[weight].replace('ID', id)}*\n\n${what} ${why}\n\n**What to do:** ${todo}\n`,
  );
  return [head, ...sections].join('\n');
}

const head = `# Hazards

What a change of a plan may hurt. \`fdw plan\` prints hazards under the change after \`!\`; JSON has them as \`hazards\` with these ids.

Most are advice. Some need consent: \`fdw apply\` refuses the plan, before it runs anything, unless each of them is named by
\`--allow\`, which may be repeated or take several with commas between them. The plan ends with the very command that it needs:

\`\`\`sh
fdw apply --allow ${consentIds.slice(1, 3).join(',')}
\`\`\`

A plan file is held to the same. Consent is for what the plan shows: it says nothing about the next one. An id is never used for anything else.
`;
