import { createServer } from 'node:net';

/** Handed out by this process already: two servers that start at once must not be promised the same port. */
const promised = new Set<number>();

/** A port on 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenOnce(0);
    if (promised.has(port)) continue;
    promised.add(port);
    return port;
  }
}

/** The wish if it is free, else another port. For a port that was used last time: bookmarks and printed addresses stay right. */
export async function freePortLike(wish: number | undefined): Promise<number> {
  return wish !== undefined && (await isFree(wish)) ? wish : freePort();
}

export async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw error;
  }
}

/** For a port that was asked for by number. */
export async function mustBeFree(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new Error(
    `Port ${port} on 127.0.0.1 is taken. Stop what listens there (\`ss -ltnp 'sport = :${port}'\` names it) or choose another port.`,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port was given')),
      );
    });
  });
}
