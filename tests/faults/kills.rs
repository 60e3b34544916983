//! Whom the storm kills by SIGKILL, and when: booths, instances of central and PostgreSQL, each as often as the others, spread over all the orders.

use crate::rig::Rig;
use end_to_end::chance::Chance;
use end_to_end::postgres::Postgres;
use end_to_end::process::Owned;
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// How long a storm may take, and what waits afterwards to be told.
pub const PATIENCE: Duration = Duration::from_secs(1_200);

/// A number of the environment, so that a run can be longer or be repeated.
pub fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Victim {
    Booth,
    Central,
    Postgres,
}

impl Victim {
    const ALL: [Self; 3] = [Self::Booth, Self::Central, Self::Postgres];
}

/// How often each was killed.
pub type Killed = BTreeMap<Victim, u64>;

/// Who is killed, and after how many orders.
pub fn schedule(orders: u64, kills: u64, chance: &mut Chance) -> Vec<(u64, Victim)> {
    let mut schedule = vec![];
    for victim in Victim::ALL {
        for kill in 0..kills {
            schedule.push(((kill * orders + chance.below(orders)) / kills, victim));
        }
    }
    schedule.sort_unstable();
    schedule
}

/// A booth's process, which nothing but a kill ends.
pub struct Booth {
    log: PathBuf,
    command: Box<dyn FnMut() -> Command>,
    process: Option<Owned>,
}

impl Booth {
    /// A booth that `command` starts, for the first time or again.
    pub fn start(log: PathBuf, command: impl FnMut() -> Command + 'static) -> Self {
        let mut booth = Self { log, command: Box::new(command), process: None };
        booth.run();
        booth
    }

    fn run(&mut self) {
        let log = OpenOptions::new().append(true).create(true).open(&self.log).unwrap();
        let mut command = (self.command)();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(Owned::start(&mut command).unwrap());
    }

    pub fn kill(&mut self) {
        self.process = None;
    }

    pub fn assert_alive(&mut self) {
        let ended = self.process.as_mut().unwrap().child().try_wait().unwrap();
        let log = || std::fs::read_to_string(&self.log).unwrap();
        assert!(ended.is_none(), "the booth ended by itself: {ended:?}\n{}", log());
    }
}

/// Kills PostgreSQL as often as it is told to, one time after the other; ends when nobody tells it any more.
fn executioner(cluster: Arc<Postgres>) -> (Sender<()>, std::thread::JoinHandle<u64>) {
    let (tell, told) = channel();
    let thread = std::thread::spawn(move || {
        let mut kills = 0;
        let mut away = Duration::ZERO;
        while told.recv().is_ok() {
            let begun = Instant::now();
            cluster.kill_and_restart();
            away += begun.elapsed();
            kills += 1;
        }
        println!("PostgreSQL was away {:.0} s in all", away.as_secs_f64());
        kills
    });
    (tell, thread)
}

/// Kills everybody when their time has come, booths in turns; `written` says how many orders there are.
pub fn storm(
    rig: &mut Rig,
    booths: &mut [Booth],
    cluster: &Arc<Postgres>,
    schedule: Vec<(u64, Victim)>,
    written: impl Fn() -> u64,
) -> Killed {
    let deadline = Instant::now() + PATIENCE;
    let mut killed: Killed = Victim::ALL.map(|victim| (victim, 0)).into();
    let (tell, executioner) = executioner(Arc::clone(cluster));
    for (after, victim) in schedule {
        while written() < after {
            assert!(Instant::now() < deadline, "order {after} is never written");
            booths.iter_mut().for_each(Booth::assert_alive);
            rig.central.revive();
            std::thread::sleep(Duration::from_millis(30));
        }
        let times = killed.get_mut(&victim).unwrap();
        *times += 1;
        let turn = usize::try_from(*times).unwrap();
        match victim {
            Victim::Booth => {
                let booth = &mut booths[turn % booths.len()];
                booth.kill();
                booth.run();
            }
            Victim::Central => rig.central.kill_and_restart(turn % rig.central.ports.len()),
            Victim::Postgres => tell.send(()).unwrap(),
        }
    }
    drop(tell);
    while !executioner.is_finished() {
        rig.central.revive();
        std::thread::sleep(Duration::from_millis(20));
    }
    killed.insert(Victim::Postgres, executioner.join().unwrap());
    killed
}
