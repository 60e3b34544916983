//! A central behind a wire and a gateway, and booths with ledgers of their own.

use crate::books::{self, Book};
use crate::central_book;
use crate::repeater::Repeater;
use crate::wire::{Weather, Wire};
use end_to_end::central::Central;
use end_to_end::courier::{self, Running};
use end_to_end::orders::{Plan, Script, Writer};
use end_to_end::postgres::Postgres;
use end_to_end::process::wait_for;
use ledger::Ledger;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The photo that every photo begins with: a whole JPEG of a permitted size.
pub const JPEG: &[u8] = include_bytes!("../../crates/central/tests/central/photo.jpg");

/// How long a booth may need for what waits.
const PATIENCE: Duration = Duration::from_secs(120);

/// A central and the network in front of it.
pub struct Rig {
    pub central: Central,
    pub wire: Wire,
    pub repeater: Repeater,
    pub runtime: Runtime,
    pub folder: TempDir,
}

impl Rig {
    /// So many instances of central; booths reach them over the wire, for now in fair weather and directly.
    pub fn new(cluster: &Postgres, instances: usize, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let wire = runtime.block_on(Wire::start(0, vec![], seed));
        let repeater = runtime.block_on(Repeater::start(!seed));
        let (place, public) = (folder.path().join("central"), Some(wire.port));
        let central = Central::start(&place, cluster, instances, public, Some(repeater.pin));
        wire.lead_to(central.ports.clone());
        repeater.lead_to(central.ports.clone());
        Self { central, wire, repeater, runtime, folder }
    }

    /// From now on anything may happen between booths and central. Most connections end at the gateway; some go straight to central.
    pub fn storm(&self) {
        let mut routes = vec![self.repeater.port; 4];
        routes.extend(&self.central.ports);
        self.wire.lead_to(routes);
        self.wire.set(Weather::Storm);
        self.repeater.is_stormy.store(true, Ordering::Relaxed);
    }

    /// What providers must trust to reach central: its certificate, and the gateway's.
    pub fn certificates(&self) -> Vec<reqwest::Certificate> {
        let own = std::fs::read(self.folder.path().join("central/tls.crt")).unwrap();
        let own = reqwest::Certificate::from_pem(&own).unwrap();
        vec![own, reqwest::Certificate::from_der(&self.repeater.certificate).unwrap()]
    }

    /// The weather is fair again.
    pub fn calm(&self) {
        self.wire.set(Weather::Calm);
        self.repeater.is_stormy.store(false, Ordering::Relaxed);
    }

    /// A booth that central knows by this name.
    pub fn booth(&self, name: &str, script: Script) -> Booth {
        let booth = Booth::open(&self.folder.path().join(name), script);
        booth.enrol(self, name);
        booth
    }

    /// Holds both books against each other.
    pub fn assert_agreement(&self, cluster: &Postgres, booth: &Book) -> Book {
        let central = central_book::of_central(cluster, &self.central);
        let found = books::differences(booth, &central);
        assert!(
            found.is_empty(),
            "{} differences:\n{}",
            found.len(),
            found[..found.len().min(20)].join("\n")
        );
        central
    }
}

/// A booth's ledger, and who writes into it.
pub struct Booth {
    pub folder: PathBuf,
    pub ledger: Arc<Ledger>,
    pub script: Script,
}

/// A script of these plans.
pub fn script(seed: u64, plans: &'static [Plan]) -> Script {
    Script::new(seed, plans, JPEG.to_vec())
}

impl Booth {
    pub fn open(folder: &Path, script: Script) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        Self { folder: folder.to_owned(), ledger: courier::open(folder).unwrap(), script }
    }

    pub fn enrol(&self, rig: &Rig, name: &str) {
        courier::enrol(&self.ledger, &rig.central.invite(name)).unwrap();
    }

    pub fn write(&self, orders: RangeInclusive<u64>) {
        let writer = Writer::new(Arc::clone(&self.ledger), self.script.clone());
        for number in orders {
            writer.write(number).unwrap();
            assert!(writer.is_finished(number).unwrap(), "order {number} is written");
        }
    }

    pub fn start(&self) -> Running {
        Running::start(&self.ledger, courier::settings()).unwrap()
    }

    pub fn pending(&self) -> u64 {
        self.ledger.read().outbox_backlog().unwrap().pending
    }

    /// Sends until nothing waits.
    pub fn drain(&self) {
        let running = self.start();
        self.until_drained();
        drop(running);
    }

    pub fn until_drained(&self) {
        wait_for("the outbox to drain", PATIENCE, || (self.pending() == 0).then_some(())).unwrap();
    }

    pub fn book(&self) -> Book {
        books::of_booth(self.ledger.read())
    }

    /// Lets go of the ledger, so that the file can be copied or replaced.
    pub fn close(self) -> (PathBuf, Script) {
        let Self { folder, ledger, script } = self;
        assert!(Arc::into_inner(ledger).is_some(), "nobody else has the ledger");
        (folder, script)
    }
}

/// Waits until `found`.
pub fn until(what: &str, mut found: impl FnMut() -> bool) {
    wait_for(what, PATIENCE, || found().then_some(())).unwrap();
}
