import type { Account, DesiredAccount } from '../../domain/account';
import type { Configuration } from '../../domain/configuration/configuration';
import { userNameKeyOf } from '../../domain/mapping/user-name-key';

/** Whether the account has what tells a person's account where no id of ours does. */
export function matches({ userName, fields }: Account, desired: DesiredAccount, { matching }: Configuration): boolean {
  return matching.by === 'email'
    ? desired.fields.email !== undefined && fields.email?.toLowerCase() === desired.fields.email.toLowerCase()
    : userNameKeyOf(userName) === userNameKeyOf(desired.userName);
}
