//! The real `central`: its settings, its instances beside each other, and what its technician does.

use crate::free_port::free_port;
use crate::postgres::Postgres;
use crate::process::{Owned, wait_for};
use protocol::Digest;
use protocol::enrolment::Invitation;
use std::fs::{File, OpenOptions};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Central over one database and one folder of photos, with a place for each of its instances.
pub struct Central {
    folder: PathBuf,
    /// The database's name.
    pub database: String,
    /// Where each instance listens on the loopback.
    pub ports: Vec<u16>,
    running: Vec<Option<Owned>>,
}

/// The program, which is built into the same folder as this test.
pub fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let found = here.ancestors().map(|folder| folder.join("central")).find(|path| path.is_file());
    found.expect("central is built: cargo build -p central --bin central")
}

impl Central {
    /// `instances` of central over a new database with a campus `main`. Booths find it at `public`, or at the first instance itself;
    /// `pin` is of another public key that they may be shown.
    pub fn start(
        folder: &Path,
        cluster: &Postgres,
        instances: usize,
        public: Option<u16>,
        pin: Option<Digest>,
    ) -> Self {
        let url = cluster.database();
        let database = url.rsplit('/').next().unwrap().to_owned();
        std::fs::create_dir_all(folder).unwrap();
        let ports: Vec<u16> = (0..instances).map(|_| free_port().unwrap()).collect();
        let public = public.unwrap_or(ports[0]);
        let key = folder.join("sealing.key");
        std::fs::write(&key, "5a".repeat(32)).unwrap();
        let pins = pin.map(|pin| format!("\"{pin}\"")).unwrap_or_default();
        let photos = folder.join("photos");
        let text = format!(
            "[server]\npublic_url = \"https://localhost:{public}\"\ntls = \"own\"\npins = [{pins}]\ndata = {folder:?}\n\
             [database]\nurl = \"{url}\"\nconnections = 6\n[store]\nfolder = {photos:?}\n\
             [secrets]\nkey_file = {key:?}\n[metrics]\nlisten = \"\"\n[log]\nformat = \"text\"\n",
        );
        std::fs::write(folder.join("central.toml"), text).unwrap();
        let running = (0..instances).map(|_| None).collect();
        let mut central = Self { folder: folder.to_owned(), database, ports, running };
        central.tell(&["migrate"]);
        central.tell(&["campus", "main", "主校区", "Main campus"]);
        for instance in 0..instances {
            central.run(instance);
        }
        central
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.arg("--config").arg(self.folder.join("central.toml")).args(arguments);
        command.env_remove("RUST_LOG").stdin(Stdio::null());
        command
    }

    /// What the technician's command printed.
    pub fn tell(&self, arguments: &[&str]) -> String {
        let done = self.command(arguments).output().unwrap();
        assert!(done.status.success(), "central {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// An invitation for a booth of this name.
    pub fn invite(&self, name: &str) -> Invitation {
        self.tell(&["enrol", name]).trim().parse().unwrap()
    }

    /// Starts an instance and waits until it listens.
    pub fn run(&mut self, instance: usize) {
        self.begin(instance);
        let port = self.ports[instance];
        wait_for("central", Duration::from_secs(60), || TcpStream::connect(("127.0.0.1", port)).ok())
            .unwrap();
    }

    fn begin(&mut self, instance: usize) {
        let log = OpenOptions::new().append(true).create(true).open(self.log(instance)).unwrap();
        let mut command = self.command(&["serve"]);
        command.env("CENTRAL__SERVER__LISTEN", format!("127.0.0.1:{}", self.ports[instance]));
        command.stdout(Stdio::null()).stderr(log);
        self.running[instance] = Some(Owned::start(&mut command).unwrap());
    }

    /// An instance's log.
    pub fn log(&self, instance: usize) -> PathBuf {
        self.folder.join(format!("central-{instance}.log"))
    }

    /// Kills an instance by SIGKILL.
    pub fn kill(&mut self, instance: usize) {
        self.running[instance] = None;
    }

    /// Kills an instance by SIGKILL and starts it again. Where it ends by itself, because PostgreSQL is away, it is started once
    /// more, as its service would.
    pub fn kill_and_restart(&mut self, instance: usize) {
        self.kill(instance);
        self.begin(instance);
    }

    /// Starts again whatever ended by itself, as its service would. How many did.
    pub fn revive(&mut self) -> u32 {
        let mut ended = 0;
        for instance in 0..self.running.len() {
            let gone = |owned: &mut Owned| owned.child().try_wait().unwrap().is_some();
            if self.running[instance].as_mut().is_some_and(gone) {
                self.begin(instance);
                ended += 1;
            }
        }
        ended
    }

    /// Where the photos are.
    pub fn photos(&self) -> PathBuf {
        self.folder.join("photos")
    }

    /// Whether the instances' logs tell of a panic or an error; the lines.
    pub fn complaints(&self) -> Vec<String> {
        let lines = |instance| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut File::open(self.log(instance)).unwrap(), &mut text).unwrap();
            text.lines()
                .filter(|line| line.contains("panicked") || line.contains("had passed every check"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        (0..self.ports.len()).flat_map(lines).collect()
    }
}
