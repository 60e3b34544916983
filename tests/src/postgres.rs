//! A private PostgreSQL of the machine's own version, for one run of a program: started on a free port in a temporary folder, and
//! ended with the process that started it.
//!
//! PostgreSQL refuses to run as root; it is then run as the `postgres` user that its package makes. Included by path where the
//! crate's tests need nothing else of this one, so it names nothing of it but [`super::free_port`].

use super::free_port::free_port;
use std::io::Read as _;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long it may take to be ready; 6 s were seen on two idle cores, making the cluster included.
const PATIENCE: Duration = Duration::from_secs(90);

/// The beginning of a shared cluster's folder, before the id of the process that shares it.
const PREFIX: &str = "booth-pg-";

/// The same of a cluster that a test has for itself; its name follows the id.
const OWN: &str = "booth-own-pg-";

/// Removes the clusters of processes that have ended: nobody can at the end of a process itself, because the server ends behind it.
fn clear_up() {
    for entry in std::fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let rest = name.strip_prefix(PREFIX).or_else(|| name.strip_prefix(OWN));
        let process = rest.and_then(|rest| rest.split('-').next());
        let ended = process.is_some_and(|pid| !Path::new("/proc").join(pid).exists());
        if ended && let Err(error) = std::fs::remove_dir_all(entry.path()) {
            eprintln!("{} can't be removed: {error}", entry.path().display());
        }
    }
}

/// A running cluster.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    port: u16,
    settings: &'static [&'static str],
    made: AtomicU32,
}

/// The newest version's programs.
fn programs() -> PathBuf {
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed: see tools/setup");
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.filter_map(|entry| Some(entry.ok()?.path())).max_by_key(version);
    newest.expect("a version of PostgreSQL").join("bin")
}

/// The user that PostgreSQL runs as: none where this process isn't root.
fn other_user() -> Option<(u32, u32)> {
    let own = Command::new("id").arg("-u").output().expect("id runs").stdout;
    if own.trim_ascii() != b"0" {
        return None;
    }
    let id = |flag| {
        let printed = Command::new("id").args([flag, "postgres"]).output().expect("id runs").stdout;
        String::from_utf8_lossy(&printed).trim().parse().expect("the package made a user postgres")
    };
    Some((id("-u"), id("-g")))
}

/// A command that ends by `signal` when the thread that starts it ends.
fn bound(program: &Path, signal: &str, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((user, group)) = user {
        command.args(["--reuid", &user.to_string(), "--regid", &group.to_string(), "--clear-groups"]);
    }
    command.args(["--pdeathsig", signal]).arg(program).stdin(Stdio::null());
    command
}

impl Postgres {
    /// The cluster that this process shares, started at the first call.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| {
            clear_up();
            let folder = std::env::temp_dir().join(format!("{PREFIX}{}", std::process::id()));
            // Nobody kills it and asks what it kept: a commit needn't wait for the disk, which others of the machine keep busy.
            Self::start_with(&folder, &["fsync=off", "full_page_writes=off"])
        })
    }

    /// A cluster of this name for one test, which may kill it.
    pub fn own(name: &str) -> Self {
        clear_up();
        Self::start(&std::env::temp_dir().join(format!("{OWN}{}-{name}", std::process::id())))
    }

    /// A cluster in `folder`, which is emptied at the end by whoever made it.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    fn start_with(folder: &Path, settings: &'static [&'static str]) -> Self {
        let user = other_user();
        std::fs::create_dir_all(folder).unwrap();
        if let Some((user, group)) = user {
            chown(folder, Some(user), Some(group)).unwrap();
        }
        let data = folder.join("data");
        if !data.join("PG_VERSION").exists() {
            make(&data, user);
        }
        let port = free_port().expect("a port is free");
        let cluster = Self { folder: folder.to_owned(), port, settings, made: AtomicU32::new(0) };
        cluster.run(user);
        cluster.wait();
        cluster
    }

    /// Runs the server on a thread of its own, which lives as long as the server does: the kernel ends the server with it.
    fn run(&self, user: Option<(u32, u32)>) {
        let data = self.folder.join("data");
        let log = std::fs::File::create(self.folder.join("log")).unwrap();
        let mut server = bound(&programs().join("postgres"), "INT", user);
        server.arg("-D").arg(&data).args(["-p", &self.port.to_string()]);
        let always = ["listen_addresses=127.0.0.1", "max_connections=300", "shared_buffers=256MB"];
        for setting in always.iter().chain(self.settings) {
            server.args(["-c", *setting]);
        }
        server.arg("-c").arg(format!("unix_socket_directories={}", self.folder.display()));
        server.stdout(log.try_clone().unwrap()).stderr(log);
        let log = self.folder.join("log");
        std::thread::spawn(move || serve(&mut server, &log));
    }

    fn wait(&self) {
        let deadline = Instant::now() + PATIENCE;
        let ready = || {
            let mut asked = Command::new(programs().join("pg_isready"));
            asked
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status()
                .is_ok_and(|s| s.success())
        };
        while !ready() {
            assert!(Instant::now() < deadline, "PostgreSQL isn't ready: {}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// What it wrote.
    pub fn log(&self) -> String {
        let mut text = String::new();
        std::fs::File::open(self.folder.join("log")).and_then(|mut file| file.read_to_string(&mut text)).ok();
        text
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of a database of this cluster.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://booth:booth@127.0.0.1:{}/{database}", self.port)
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// Runs SQL with psql; what it printed, unaligned, rows only.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(programs().join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, &self.url(database)]);
        let done = psql.output().expect("psql runs");
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    /// Kills the server and its children by SIGKILL, as a power cut would, and starts it again on the same port.
    pub fn kill_and_restart(&self) {
        let pid = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().to_owned();
        // Whatever it still starts ends by itself when it finds its parent gone.
        Command::new("kill")
            .args(["-KILL", &pid])
            .args(children(&pid))
            .stderr(Stdio::null())
            .status()
            .unwrap();
        let gone = || !Path::new("/proc").join(&pid).exists();
        while !gone() {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.run(other_user());
        self.wait();
    }
}

/// The processes that `pid` has started.
fn children(pid: &str) -> Vec<String> {
    let lists = format!("/proc/{pid}/task/{pid}/children");
    let children = std::fs::read_to_string(lists).unwrap_or_default();
    children.split_whitespace().map(str::to_owned).collect()
}

/// Runs the server to its end. One that can't start because children of a killed one still live is started again: it has ended without
/// having been ready, as its `log` shows.
fn serve(server: &mut Command, log: &Path) {
    for _ in 0..50 {
        let ended = server.spawn().expect("postgres starts").wait().expect("postgres ends");
        let was_ready = std::fs::read(log)
            .is_ok_and(|said| String::from_utf8_lossy(&said).contains("ready to accept connections"));
        if ended.code() != Some(1) || was_ready {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn make(data: &Path, user: Option<(u32, u32)>) {
    let password = data.with_extension("password");
    std::fs::write(&password, "booth").unwrap();
    if let Some((user, group)) = user {
        chown(&password, Some(user), Some(group)).unwrap();
    }
    let mut initdb = bound(&programs().join("initdb"), "KILL", user);
    initdb.arg("-D").arg(data).args(["-U", "booth", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]);
    initdb.args(["--no-instructions", "--no-sync"]).arg("--pwfile").arg(&password);
    let made = initdb.output().expect("initdb runs");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
}
