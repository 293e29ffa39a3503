// The SQS emulator fauxqs on the loopback interface alone. Its own command listens on every
// interface, writes a line a request and counts a message whose time has come as hidden until
// somebody receives; here requests are counted by action, and connections can be cut.
//
//   node server.mjs EMULATOR PORT [DATA]   EMULATOR: folder of the package; DATA: keeps messages
//   node server.mjs EMULATOR --version

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [emulator, port, data] = process.argv.slice(2);
const part = (file) => import(pathToFileURL(join(emulator, "dist", file)));
const { buildApp } = await part("app.js");
const { SqsStore } = await part("sqs/sqsStore.js");
const { SnsStore } = await part("sns/snsStore.js");
const { PersistenceManager } = await part("persistence.js");

// The harness's own looks at the server say so in their user agent and are not counted.
const OURS = "taskqueue-bench";

const { version: release } = JSON.parse(readFileSync(join(emulator, "package.json"), "utf8"));
const version = `fauxqs ${release}, Node.js ${process.versions.node}`;
const counts = {};
const sockets = new Set();

function open() {
  const sqsStore = new SqsStore();
  const snsStore = new SnsStore();
  sqsStore.host = ""; // a queue's URL names the host that the client asked, which it can reach
  if (data) keep(sqsStore, snsStore);
  const app = buildApp({ logger: false, stores: { sqsStore, snsStore } });
  app.addHook("preHandler", async (request) => {
    const action = request.headers["x-amz-target"]?.replace("AmazonSQS.", "");
    if (action === "GetQueueAttributes") {
      sqsStore.getQueue(request.body?.QueueUrl ?? "")?.processTimers();
    }
    if (action && !request.headers["user-agent"]?.includes(OURS)) {
      counts[action] = (counts[action] ?? 0) + 1;
    }
  });
  app.get("/_bench", async () => ({ pid: process.pid, version, commands: counts }));
  app.post("/_bench/cut", async (request) => {
    for (const socket of sockets) if (socket !== request.raw.socket) socket.destroy();
    return {};
  });
  app.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return app;
}

// What was kept is read before keeping begins, or reading it would write it again.
function keep(sqsStore, snsStore) {
  const persistence = new PersistenceManager(data);
  persistence.loadSqsAndSns(sqsStore, snsStore);
  sqsStore.persistence = persistence;
  for (const queue of sqsStore.allQueues()) queue.persistence = persistence;
}

if (port === "--version") {
  console.log(version);
} else {
  const app = open();
  process.once("SIGTERM", () => app.close());
  await app.listen({ port: Number(port), host: "127.0.0.1" });
}
