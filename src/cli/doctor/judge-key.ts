import type { Me } from '../../contract/me.ts';
import { fromMoney } from '../../contract/money.ts';
import { showMoney } from '../output/money.ts';
import { aside, type Finding, ill, well } from './finding.ts';

/** Whose key it is, what there is to spend with it, and in which money. */
export function judgeKey(self: Me): Finding[] {
  const holder = self.person?.name ?? self.service?.name;
  if (holder === undefined) {
    return [aside('The key is an admin key: it manages Stipend and calls no model.', 'stipend key create <person>')];
  }
  const findings = [well(`The key is ${holder}’s.`)];
  if (!self.balance) return findings;
  const available = fromMoney(self.balance.available);
  findings.push(
    available > 0n
      ? well(`${showMoney(available)} is available.`)
      : ill('Nothing is available: calls will be refused.', 'Ask for a grant, or wait for the next part to vest.'),
  );
  findings.push(
    self.balance.book === 'test'
      ? aside(
          'Calls are served by the sandbox and cost test money: no provider has a credential.',
          'stipend provider set <provider>',
        )
      : well('Calls go to the providers and cost live money.'),
  );
  return findings;
}
