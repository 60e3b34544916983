// A campus to look at: a PostgreSQL of its own, central over it, a booth that sent photos of invented people.
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "node:https";

const ROOT = join(import.meta.dirname, "../..");
const CENTRAL = process.env.CENTRAL_PROGRAM ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug/central");
const DAY = 24 * 3_600_000;

const run = (program, args, options = {}) => {
  const done = spawnSync(program, args, { encoding: "utf8", ...options });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.error ?? done.stderr}`);
  return done.stdout.trim();
};

/** Starts a program that ends with this process, however this one ends. */
const bound = (signal, { uid, gid }, program, args, options) => {
  const user = uid === undefined ? [] : ["--reuid", String(uid), "--regid", String(gid), "--clear-groups"];
  return spawn("setpriv", [...user, "--pdeathsig", signal, program, ...args], options);
};

/** A port below those that the kernel gives, so that nobody else is given it before its program listens. */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().on("error", () => resolve(freePort()));
    const port = 20_000 + Math.floor(12_000 * Math.random());
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });

const until = async (what, ready) => {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} isn't ready`);
};

/** A cluster in `folder`, run by the `postgres` user where this process is root, because PostgreSQL refuses to be. */
const postgres = async (folder) => {
  const versions = readdirSync("/usr/lib/postgresql").map(Number).sort((a, b) => b - a);
  const programs = `/usr/lib/postgresql/${versions[0]}/bin`;
  const data = join(folder, "data");
  let user = {};
  if (process.getuid() === 0) {
    user = { uid: Number(run("id", ["-u", "postgres"])), gid: Number(run("id", ["-g", "postgres"])) };
    chownSync(folder, user.uid, user.gid);
  }
  run(join(programs, "initdb"), ["-D", data, "-U", "booth", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], user);
  const port = await freePort();
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  const server = bound("INT", user, join(programs, "postgres"), ["-D", data, "-p", String(port), ...settings], { stdio: "ignore" });
  const psql = (sql) => run("psql", ["-h", "127.0.0.1", "-p", String(port), "-U", "booth", "-d", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql]);
  await until("PostgreSQL", () => spawnSync(join(programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)]).status === 0);
  return { url: `postgres://booth@127.0.0.1:${port}/postgres`, psql, stop: () => ended(server, "SIGINT") };
};

const ended = (child, signal) =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", resolve);
    child.kill(signal);
  });

/** Sends a request as a booth does; the certificate is the server's own. */
const send = (origin, method, path, token, body) =>
  new Promise((resolve, reject) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const asked = request(`${origin}${path}`, { method, headers, rejectUnauthorized: false }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode >= 300) return reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        resolve(answer.headers["content-type"]?.includes("json") ? JSON.parse(text) : text);
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });

const uuid = (kind, n) => `0198bcfe-6800-7000-8${String(kind).padStart(3, "0")}-${String(n).padStart(12, "0")}`;
const NAMES = "王雨桐 李浩然 张梓涵 刘思远 陈欣怡 杨子轩 赵一诺 黄俊杰 周诗涵 吴宇航 徐梦洁 孙嘉豪 马晓东 朱雅婷 胡文博 郭静怡 林志远 何佳琪 高天翔 罗雪莹".split(" ");
const COLLEGES = ["计算机学院", "外国语学院", "机械工程学院"];
const MEASURES = [["single_face_present", 1, ""], ["head_pose_yaw", 1.42, "deg"], ["head_pose_roll", -0.31, "deg"], ["eyes_open", 0.083, ""], ["mouth_closed", 0.004, ""], ["eye_line", 221, "px"], ["background_colour", 0.62, ""], ["photo_width", 480, "px"], ["photo_height", 640, "px"], ["file_size", 39703, "B"]];

const student = (n) => ({
  name: NAMES[n % NAMES.length],
  document_kind: "passport",
  document_number: `E${String(70_000_000 + n)}`,
  student_number: `2026${String(10_000 + n)}`,
});

const orderEvents = (n, sha256, bytes) => {
  const at_ms = Date.now() - 3 * DAY + n * 3_600_000;
  const order_id = uuid(1, n);
  const order_number = `038 000 ${String(1000 + n)}`;
  const measures = MEASURES.map(([name, value, unit]) => ({ name, value, unit }));
  return [
    { kind: "order_placed", order_id, order_number, programme: "degree", amount_fen: 2500, sheets: 1, prints: [], delivery: "here", reprint_of: null, disputed: [], at_ms },
    { kind: "payment_settled", order_id, payment_id: uuid(2, n), means: n % 3 === 0 ? "counter" : "wechat_pay", amount_fen: 2500, at_ms: at_ms + 1 },
    { kind: "collection_submitted", order_id, order_number, programme: "degree", at_ms: at_ms + 2,
      person: { ...student(n), phone: "13800000000", email: null, gender: n % 2 ? "male" : "female" },
      photo: { photo_id: uuid(3, n), sha256, bytes, specification: "degree", measures } },
  ];
};

/** A booth that enrols, sends `count` photos, and says how it is. */
const booth = async (origin, invitation, count) => {
  const key = randomBytes(32);
  const code = invitation.split("#")[1].split(".")[0];
  const enrol = { code, key_sha256: createHash("sha256").update(key).digest("hex"), booth_number: 38, software: "booth 0.1.0" };
  const { device_id } = await send(origin, "POST", "/v1/enrolment", null, JSON.stringify(enrol));
  const token = `${device_id}.${key.toString("hex")}`;
  const photo = readFileSync(join(ROOT, "crates/central/tests/central/photo.jpg"));
  const sha256 = createHash("sha256").update(photo).digest("hex");
  await send(origin, "PUT", `/v1/blobs/${sha256}`, token, photo);
  const instance = uuid(4, 1);
  const epoch = "1f".repeat(16);
  const events = [...Array(count).keys()].flatMap((n) => orderEvents(n, sha256, photo.length));
  const told = events.map((event, at) => ({ sequence: at + 1, event_id: uuid(5, at), event }));
  for (let from = 0; from < told.length; from += 50) {
    await send(origin, "POST", "/v1/events", token, JSON.stringify({ epoch, instance, events: told.slice(from, from + 50) }));
  }
  const health = { instance, now_ms: Date.now() - 91_000, epoch, acknowledged: 0, pending: 4, parked: 1, oldest_pending_ms: Date.now() - 600_000, state: "limited",
    faults: ["out_of_paper", "reader_silent"], prints_waiting: 2, directory_cursor: 0, skew_ms: null, software: "booth 0.1.0" };
  await send(origin, "POST", "/v1/heartbeat", token, JSON.stringify(health));
  return device_id;
};

const text = (value) => `'${value.replaceAll("'", "''")}'`;

/** What the payments' and the roster's own ways would have written. */
const records = (psql, device) => {
  const campus = "(SELECT id FROM campuses)";
  const now = Date.now();
  const listed = [...Array(32).keys()].map((n) => {
    const { name, document_number, student_number } = student(n);
    const values = ["degree", "passport", document_number, name, student_number, COLLEGES[n % 3], "本科专业", `2022级${1 + (n % 2)}班`].map(text);
    return `(${campus}, ${values.join(", ")}, 2026, ${n + 1})`;
  });
  psql(`INSERT INTO roster (campus_id, list, document_kind, document_number, name, student_number, college, major, class_name, year, position) VALUES ${listed.join(", ")}`);
  const trades = [["paid", 2500], ["paid", 2500], ["open", null], ["wrong_amount", 1], ["closed", null]].map(([state, received], n) => {
    const paid = received ? now - n * 60_000 : null;
    return `(${campus}, 'trade${String(n).padStart(6, "0")}', '${n % 2 ? "alipay" : "wechat_pay"}', '${device}', '${uuid(1, n)}', 2500, '毕业证件照', '${state}', ${now - n * 120_000}, ${now + DAY}, ${received}, ${paid})`;
  });
  psql(`INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms, expires_ms, received_fen, paid_ms) VALUES ${trades.join(", ")}`);
  psql(`INSERT INTO bills (campus_id, provider, day, state, wanted_ms) VALUES (${campus}, 'alipay', '2026-11-20', 'differs', 1)`);
  psql(`INSERT INTO bill_differences (campus_id, provider, day, number, sort, of_refund, there_fen) VALUES (${campus}, 'alipay', '2026-11-20', 'trade000098', 'only_there', false, 2500), (${campus}, 'alipay', '2026-11-20', 'trade000099', 'amount', false, 2400)`);
  psql(`INSERT INTO events (campus_id, event_id, device_id, epoch_ordinal, sequence, kind, outcome, reason, received_ms) VALUES (${campus}, '${uuid(6, 1)}', '${device}', 1, 9000, 'unknown', 'rejected', 'inconsistent', ${now})`);
};

/** Starts all of it. `temporary` is the administrator's first password. */
export const open = async (photos) => {
  const folder = mkdtempSync(join(tmpdir(), "booth-office-"));
  const cluster = join(folder, "pg");
  mkdirSync(cluster);
  run("chmod", ["755", folder]);
  const database = await postgres(cluster);
  const port = await freePort();
  const origin = `https://localhost:${port}`;
  const key = join(folder, "sealing.key");
  writeFileSync(key, run(CENTRAL, ["key"]));
  const settings = join(folder, "central.toml");
  writeFileSync(settings, `[server]\nlisten = "127.0.0.1:${port}"\npublic_url = "${origin}"\ndata = "${folder}"\n[database]\nurl = "${database.url}"\n[store]\nfolder = "${folder}/photos"\n[secrets]\nkey_file = "${key}"\n[metrics]\nlisten = ""\n[log]\nformat = "text"\n`);
  const central = (...args) => run(CENTRAL, ["--config", settings, ...args], { env: { ...process.env, RUST_LOG: "warn" } });
  central("migrate");
  central("campus", "main", "南湖校区", "South Lake Campus");
  const temporary = central("user", "add", "chen.min", "--name", "陈敏", "--role", "admin");
  const invitation = central("enrol", "图书馆一号亭");
  central("enrol", "体育馆二号亭");
  const log = [];
  const server = bound("KILL", {}, CENTRAL, ["--config", settings, "serve"], { env: { ...process.env, RUST_LOG: "warn" } });
  server.stderr.on("data", (part) => log.push(String(part)));
  await until("central", () => send(origin, "GET", "/healthz", null).then(() => true, () => false));
  records(database.psql, await booth(origin, invitation, photos));
  const close = async () => {
    await ended(server, "SIGTERM");
    await database.stop();
    rmSync(folder, { recursive: true });
  };
  return { origin, temporary, psql: database.psql, central, log, close };
};
