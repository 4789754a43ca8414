import { Closing } from '../../../sandbox/start/closing';

function noting() {
  const said: string[] = [];
  const closed: string[] = [];
  const close = (name: string) => Promise.resolve(void closed.push(name));
  return { closing: new Closing((line) => void said.push(line)), said, closed, close };
}

describe('What npm start has opened', () => {
  test('is closed in the opposite order, for the later stands on the earlier', async () => {
    const { closing, closed, close } = noting();
    for (const name of ['engine', 'database', 'worker']) await closing.add(name, close);
    await closing.close();
    expect(closed).toEqual(['worker', 'database', 'engine']);
  });

  test('and can’t be closed is told, and keeps nothing else open', async () => {
    const { closing, said, closed, close } = noting();
    await closing.add('engine', close);
    await closing.add('database', () => Promise.reject(new Error('no answer')));
    await closing.close();
    expect(said).toEqual(['could not be stopped: no answer']);
    expect(closed).toEqual(['engine']);
  });

  test('only after all was closed is closed at once, and what wanted it hears so', async () => {
    const { closing, closed, close } = noting();
    await closing.close();
    await expect(closing.add('worker', close)).rejects.toThrow('everything was closed meanwhile');
    expect(closed).toEqual(['worker']);
  });

  test('is closed once, however often it is asked for', async () => {
    const { closing, closed, close } = noting();
    await closing.add('engine', close);
    await Promise.all([closing.close(), closing.close()]);
    expect(closed).toEqual(['engine']);
  });
});
