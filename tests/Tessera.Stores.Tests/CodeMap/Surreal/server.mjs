// Serves SurrealDB's HTTP interface (/rpc, /sql, /health, /version) over the real engine, in memory. The engine is SurrealDB's
// own, so what the tests show of SurrealQL holds; the framing, the limits of bodies and the check of the password are imitated here.
import { createServer } from 'node:http';
import { createNodeEngines } from '@surrealdb/node';
import { Surreal } from 'surrealdb';

const port = process.argv[2];
const db = new Surreal({ engines: createNodeEngines() });
await db.connect('mem://');
await db.query('DEFINE NAMESPACE IF NOT EXISTS zoekt');
await db.use({ namespace: 'zoekt' });

const limits = { '/rpc': 4 << 20, '/sql': 1 << 20 };
const body = async request => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
};
// One connection, so one database at a time.
let turn = Promise.resolve();
const run = (headers, sql, variables) => {
  const result = turn.then(async () => {
    await db.query(`DEFINE DATABASE IF NOT EXISTS \`${headers['surreal-db']}\``);
    await db.use({ namespace: headers['surreal-ns'], database: headers['surreal-db'] });
    const responses = await db.query(sql, variables).json().responses();
    return responses.map(each => each.success
      ? { status: 'OK', result: each.result ?? null, time: '1ms' }
      : { status: 'ERR', result: String(each.error?.message ?? each.error), time: '1ms' });
  });
  turn = result.catch(() => {});
  return result;
};

createServer(async (request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
  const path = new URL(request.url, 'http://x').pathname;
  const bytes = await body(request);
  if (path === '/health') return answer(200, '');
  if (path === '/version') return answer(200, 'surrealdb-3.0.2');
  if (!(path in limits)) return answer(404, { error: 'not found' });
  if (bytes.length > limits[path]) return answer(413, { error: 'too large' });
  const expected = 'Basic ' + Buffer.from('root:root').toString('base64');
  if (request.headers.authorization !== expected && request.headers.authorization !== 'Bearer good') return answer(401, { error: 'who are you' });
  const { headers } = request;
  if (headers.ns !== headers['surreal-ns'] || headers.db !== headers['surreal-db']) return answer(400, { error: 'both kinds of headers are wanted' });
  try {
    if (path === '/sql') return answer(200, await run(headers, bytes.toString('utf8'), {}));
    const { id, method, params } = JSON.parse(bytes.toString('utf8'));
    if (method !== 'query') return answer(200, { id, error: { code: -32601, message: `no method ${method}` } });
    return answer(200, { id, result: await run(headers, params[0], params[1] ?? {}) });
  } catch (error) {
    return answer(200, { id: 1, error: { code: -32000, message: String(error?.message ?? error) } });
  }
}).listen(Number(port), '127.0.0.1');
