import { option } from '@oclif/core/flags';
import { consentIds } from '../../model/hazards.ts';

/** `--allow`: the hazards that the user consents to, several with commas between them or by repeating it. */
export const allowFlag = option({
  description: `Consent to a hazard that the plan shows: ${consentIds.join(', ')}.`,
  options: consentIds,
  helpValue: 'HAZARD',
  multiple: true,
  delimiter: ',',
})();
