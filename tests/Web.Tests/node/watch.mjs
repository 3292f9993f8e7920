// Watches with the real SignalR client and prints each state as a line of JSON. Comes back by itself after whatever
// ended the watch, with the last token that it saw. A line on standard input reconnects; its end ends the program.
import { createInterface } from "node:readline";
import * as signalR from "@microsoft/signalr";

const [url, method, ...args] = process.argv.slice(2).map((arg) => (arg === "-" ? null : arg));
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const connection = new signalR.HubConnectionBuilder()
  .withUrl(`${url}live`)
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => 100 })
  .configureLogging(signalR.LogLevel.None)
  .build();

let token = null;
let watching = false;

function watch() {
  if (watching) return;
  watching = true;
  const all = method === "Watch" ? [args[0], args[1], token ?? args[2], args[3]] : [args[0], args[1], args[2] && Number(args[2])];
  connection.stream(method, ...all).subscribe({
    next: (state) => {
      token = state.token ?? token;
      print(state);
    },
    complete: () => ended("complete"),
    error: (error) => ended(String(error.message)),
  });
}

function ended(reason) {
  watching = false;
  print({ ended: reason });
  setTimeout(() => connection.state === signalR.HubConnectionState.Connected && watch(), 100);
}

connection.onreconnected(watch);
await connection.start();
watch();
for await (const _ of createInterface({ input: process.stdin })) {
  await connection.stop();
  await connection.start();
  watch();
}
process.exit(0);
