//! The loop on the way to central: one task at a time, each when it is due.
//!
//! The heartbeat alone finds out whether central is there and lets the booth in; the other tasks rest until it does. So a booth
//! without network makes one small attempt a minute, and keeps nothing in memory that grows. What is logged are changes.

use crate::call_error::CallError;
use crate::client::Client;
use crate::clock::Clock;
use crate::delivery::Delivery;
use crate::directory::Directory;
use crate::fault::{Fault, blocking};
use crate::line::Line;
use crate::random::{NoRandomness, Random, fraction, instance};
use crate::schedule::{Next, Schedule, Task, wait};
use crate::settings::Settings;
use crate::skew::Skew;
use crate::status::{Link, Refusal, Status};
use crate::store::{Enrolment, Store};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// Carries the booth's events to central and central's directory to the booth, while [`Courier::run`] runs.
pub struct Courier {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// Which run this is.
    pub(crate) instance: Uuid,
    pub(crate) client: Option<Client>,
    pub(crate) schedule: Schedule,
    pub(crate) delivery: Delivery,
    pub(crate) directory: Directory,
    pub(crate) skew: Skew,
    /// When the key was last changed, on the steady clock.
    pub(crate) rotated: Option<Duration>,
    /// Central's version, as it last said.
    pub(crate) central: Option<String>,
    woken: Arc<Notify>,
    status: watch::Sender<Status>,
    offered: watch::Sender<Option<Client>>,
}

impl Courier {
    /// A courier, and the booth's end of its line. Nothing happens before [`Courier::run`].
    ///
    /// # Errors
    /// [`NoRandomness`], for the id of this run.
    pub fn new(
        store: Arc<dyn Store>,
        settings: Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<(Self, Line), NoRandomness> {
        let instance = instance(random.as_ref())?;
        let ((status, watched), (offered, client)) = (watch::channel(Status::new()), watch::channel(None));
        let woken = Arc::new(Notify::new());
        let line = Line { woken: Arc::clone(&woken), status: watched, client };
        let (schedule, delivery) = (Schedule::default(), Delivery::default());
        let (directory, skew) = (Directory::default(), Skew::default());
        let courier = Self {
            store,
            settings,
            clock,
            random,
            instance,
            client: None,
            schedule,
            delivery,
            directory,
            skew,
            rotated: None,
            central: None,
            woken,
            status,
            offered,
        };
        Ok((courier, line))
    }

    /// Runs until `stop` ends. It may be dropped at any time: whatever was under way is done again.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = self.step() => {}
            }
        }
    }

    /// One task, or one rest.
    async fn step(&mut self) {
        let Some(client) = self.client.clone() else { return self.look_for_enrolment().await };
        let (now, online) = (self.clock.steady(), self.is_linked());
        match self.schedule.next(now, |task| online || task == Task::Heartbeat) {
            Next::Now(task) => self.perform(task, &client).await,
            Next::Sleep(time) => {
                if self.rest(time).await {
                    self.wake();
                }
            }
        }
    }

    /// Rests that long, or until the booth has something. Whether it has.
    async fn rest(&self, time: Duration) -> bool {
        tokio::select! {
            () = self.woken.notified() => true,
            () = self.clock.sleep(time) => false,
        }
    }

    fn wake(&mut self) {
        let now = self.clock.steady();
        self.schedule.wake(Task::Delivery, now);
        self.schedule.wake(Task::Outcomes, now);
    }

    /// Looks whether the booth has become a device.
    async fn look_for_enrolment(&mut self) {
        let found = match blocking(&self.store, |store| store.enrolment()).await {
            Ok(Some(enrolment)) if enrolment.is_complete() => self.begin(enrolment),
            Ok(_) => false,
            Err(fault) => {
                self.fail(Task::Heartbeat, &fault.into());
                false
            }
        };
        if !found {
            self.rest(self.settings.longest_wait).await;
        }
    }

    /// Begins to be that device. Whether that is possible.
    fn begin(&mut self, enrolment: Enrolment) -> bool {
        let client = Client::new(enrolment, Arc::clone(&self.store), &self.settings, Arc::clone(&self.clock));
        match client {
            Ok(client) => {
                self.offered.send_replace(Some(client.clone()));
                self.client = Some(client);
                self.set_link(Link::Offline { since: self.clock.now() });
                let now = self.clock.steady();
                for task in [Task::Heartbeat, Task::Outcomes, Task::Delivery, Task::Directory] {
                    self.schedule.set(task, now);
                }
                true
            }
            Err(error) => {
                if self.schedule.failed(Task::Heartbeat, self.clock.steady(), Duration::ZERO) {
                    tracing::error!(error = &error as &dyn std::error::Error, "the enrolment can't be used");
                }
                false
            }
        }
    }

    /// Changes what the booth sees, and wakes who waits for it only where it is something else.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut Status)) {
        self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
    }

    pub(crate) fn set_link(&self, link: Link) {
        let before = self.status.borrow().link;
        if std::mem::discriminant(&before) != std::mem::discriminant(&link) {
            tracing::info!(?link, "the way to central has changed");
        }
        self.tell(|status| status.link = link);
    }

    /// Whether central is there and lets the booth in.
    pub(crate) fn is_linked(&self) -> bool {
        self.link() == Link::Online
    }

    pub(crate) fn link(&self) -> Link {
        self.status.borrow().link
    }

    fn stalled(&self) -> bool {
        self.status.borrow().stalled_since.is_some()
    }

    /// A task went well.
    pub(crate) fn succeed(&mut self, task: Task) {
        if self.schedule.succeeded(task) {
            tracing::info!(?task, "it works again");
        }
        if task == Task::Delivery && self.stalled() {
            self.tell(|status| status.stalled_since = None);
        }
    }

    /// A task failed: it waits, and where that tells of the way itself, so does everything else.
    pub(crate) fn fail(&mut self, task: Task, fault: &Fault) {
        let wait = self.wait(task, fault);
        if self.postpone(task, wait) {
            tracing::warn!(?task, error = fault as &dyn std::error::Error, "it fails again and again");
        }
        let Some(error) = fault.call() else { return };
        if let Some(refusal) = Refusal::of(error) {
            self.set_link(Link::Refused(refusal));
            self.schedule.set(Task::Heartbeat, self.clock.steady() + self.settings.refused);
        } else if matches!(error, CallError::PinMismatch) {
            self.set_link(Link::PinMismatch);
        } else if task != Task::Heartbeat
            && matches!(error, CallError::Unreachable(_) | CallError::TimedOut(_))
        {
            self.schedule.wake(Task::Heartbeat, self.clock.steady());
        }
    }

    /// The task is due again after `wait`. Whether to tell somebody.
    pub(crate) fn postpone(&mut self, task: Task, wait: Duration) -> bool {
        let told = self.schedule.failed(task, self.clock.steady(), wait);
        if told && task == Task::Delivery {
            let now = self.clock.now();
            self.tell(|status| status.stalled_since = Some(now));
        }
        told
    }

    /// How long the task waits after another failure.
    fn wait(&self, task: Task, fault: &Fault) -> Duration {
        let asked = fault.call().and_then(CallError::retry_after).unwrap_or_default();
        self.jitter(task).max(asked)
    }

    pub(crate) fn jitter(&self, task: Task) -> Duration {
        let Settings { first_wait, longest_wait, .. } = self.settings;
        wait(self.schedule.failures(task), first_wait, longest_wait, fraction(self.random.as_ref()))
    }
}
