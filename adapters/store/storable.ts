/** PostgreSQL's text has no NUL and its JSON no halves of characters; an LMS may send both, and words that were cut off may end in a half. */
export function storable<Text extends string | null | undefined>(text: Text): Text | string {
  return typeof text !== 'string' || (text.isWellFormed() && !text.includes('\0')) ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** The JSON of something that holds such text. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\u') ? JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? storable(one) : one)) : json;
}
