import { z } from 'zod';

/** Where the LMS's SCIM service begins. Nothing in it may carry a secret, for configurations are shown. Without a slash at the end. */
export const baseUrl = z
  .string()
  .trim()
  .superRefine((value, context) => {
    for (const message of faultsOfUrl(value)) context.addIssue({ code: 'custom', message });
  })
  .transform(withoutTrailingSlash);

function faultsOfUrl(value: string): string[] {
  if (!URL.canParse(value)) return ['expected a URL, such as https://lms.example.com/scim/v2'];
  const { protocol, hostname, username, password, search, hash, pathname } = new URL(value);
  if (!/^https?:$/.test(protocol) || hostname === '') return ['expected a URL that begins with https://'];
  return [
    ...(username || password ? ['no secret belongs in a URL: hand it over with `rollcall credential set`, and replace this one'] : []),
    ...(search || value.includes('?') ? ['expected a URL without a query: leave off “?” and what follows'] : []),
    ...(hash || value.includes('#') ? ['expected a URL without a fragment: leave off “#” and what follows'] : []),
    ...(/\/Users\/*$/i.test(pathname) ? ['leave off /Users: the base URL ends where it begins'] : []),
  ];
}

function withoutTrailingSlash(value: string): string {
  return URL.canParse(value) ? new URL(value).href.replace(/\/+$/, '') : value;
}
