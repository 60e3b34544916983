//! What the courier does when a task is due.

use crate::call_error::CallError;
use crate::client::Client;
use crate::courier::Courier;
use crate::delivery::{End, Means};
use crate::directory::Pulled;
use crate::fault::{Fault, blocking};
use crate::post::offer_again;
use crate::schedule::Task;
use crate::skew::Moment;
use crate::status::Link;
use crate::store::{Backlog, Health, StoreFault};
use domain::UtcMillis;
use protocol::LARGEST_BODY;
use protocol::batch::Reason;
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};

/// So many heartbeats in a row must fail before the booth calls itself offline.
const LOST_HEARTBEATS: u32 = 2;

impl Courier {
    pub(crate) async fn perform(&mut self, task: Task, client: &Client) {
        self.schedule.began(task);
        let result = match task {
            Task::Heartbeat => self.say_how_it_is(client).await,
            Task::Rotation => self.rotate(client).await,
            Task::Outcomes => self.tell_outcomes(client).await,
            Task::Delivery => self.deliver(client).await,
            Task::Directory => self.pull(client).await,
        };
        if let Err(fault) = result {
            self.fail(task, &fault);
            if task == Task::Heartbeat {
                self.lost_heartbeat(&fault);
            }
        }
    }

    async fn say_how_it_is(&mut self, client: &Client) -> Result<(), Fault> {
        let (backlog, health, cursor) = self.look().await?;
        let asked = self.moment();
        let heartbeat = self.heartbeat(backlog, health, cursor, asked.wall);
        let answer = client.heartbeat(&heartbeat).await?;
        let answered = self.moment();
        self.skew.measured(asked, answered, UtcMillis(answer.now_ms));
        self.succeed(Task::Heartbeat);
        let early = self.settings.heartbeat.mul_f64(crate::random::fraction(self.random.as_ref()) / 10.0);
        self.schedule.set(Task::Heartbeat, answered.steady + self.settings.heartbeat.saturating_sub(early));
        self.is_online(&answer, backlog, answered.wall);
        if answer.mark < backlog.acknowledged {
            offer_again(&self.store, backlog.epoch, answer.mark).await?;
        }
        self.act_on(answer, cursor, client).await
    }

    async fn look(&self) -> Result<(Backlog, Health, u64), StoreFault> {
        blocking(&self.store, |store| Ok((store.backlog()?, store.health(), store.cursor()?))).await
    }

    fn moment(&self) -> Moment {
        Moment { wall: self.clock.now(), steady: self.clock.steady() }
    }

    fn heartbeat(&self, backlog: Backlog, health: Health, cursor: u64, now: UtcMillis) -> Heartbeat {
        Heartbeat {
            instance: self.instance,
            now_ms: now.0,
            epoch: backlog.epoch,
            acknowledged: backlog.acknowledged,
            pending: backlog.pending,
            parked: backlog.parked,
            oldest_pending_ms: backlog.oldest.map(|oldest| oldest.0),
            state: health.state,
            faults: health.faults,
            prints_waiting: health.prints_waiting,
            directory_cursor: cursor,
            skew_ms: self.skew.best_ms(),
            software: self.settings.software.clone(),
        }
    }

    fn is_online(&self, answer: &HeartbeatAnswer, backlog: Backlog, now: UtcMillis) {
        let skew_ms = self.skew.best_ms();
        self.set_link(Link::Online);
        self.tell(|status| {
            status.backlog = Some(backlog);
            status.skew_ms = skew_ms;
            status.last_success = Some(now);
            status.means.clone_from(&answer.means);
            status.demonstration = answer.demonstration;
        });
    }

    /// What central says is new. A fault of the booth's store is met by the next heartbeat again.
    async fn act_on(&mut self, answer: HeartbeatAnswer, cursor: u64, client: &Client) -> Result<(), Fault> {
        let now = self.clock.steady();
        self.schedule.wake(Task::Delivery, now);
        self.schedule.wake(Task::Outcomes, now);
        if self.directory.heard(answer.directory_end, cursor) {
            self.schedule.wake(Task::Directory, now);
        }
        // A central that asks again while the new key is being taken up does not get one key after another.
        let rested = self.rotated.is_none_or(|at| now >= at + self.settings.longest_wait);
        if answer.rotate_key && rested {
            self.schedule.wake(Task::Rotation, now);
        }
        if client.replace_pins(&answer.pins).await? {
            tracing::info!(pins = answer.pins.len(), "central has announced its certificates");
        }
        if self.central.as_ref() != Some(&answer.software) {
            let again = blocking(&self.store, |store| store.unpark(Reason::NewerVersion)).await?;
            tracing::info!(software = answer.software, again, "central's version");
            self.central = Some(answer.software);
        }
        Ok(())
    }

    /// A heartbeat failed. One that is lost on the way says little, and a fault of the booth's own store says nothing of central.
    fn lost_heartbeat(&mut self, fault: &Fault) {
        let known = !matches!(self.link(), Link::Online | Link::PinMismatch);
        let enough = self.schedule.failures(Task::Heartbeat) >= LOST_HEARTBEATS;
        if known || !enough || fault.call().is_none_or(|error| matches!(error, CallError::PinMismatch)) {
            return;
        }
        self.set_link(Link::Offline { since: self.clock.now() });
    }

    async fn rotate(&mut self, client: &Client) -> Result<(), Fault> {
        client.rotate_key(self.random.as_ref()).await?;
        tracing::info!("central knows the device's next key");
        self.succeed(Task::Rotation);
        self.schedule.rest(Task::Rotation);
        self.rotated = Some(self.clock.steady());
        // Its first use makes it the key.
        self.schedule.wake(Task::Heartbeat, self.clock.steady());
        Ok(())
    }

    async fn tell_outcomes(&mut self, client: &Client) -> Result<(), Fault> {
        for (command, outcome) in blocking(&self.store, |store| store.outcomes()).await? {
            match client.command_outcome(command, &outcome).await {
                Ok(()) => {}
                Err(error) if is_not_wanted(&error) => {
                    tracing::warn!(%command, error = &error as &dyn std::error::Error, "central wants no outcome of a command");
                }
                Err(error) => return Err(error.into()),
            }
            blocking(&self.store, move |store| store.outcome_told(command)).await?;
        }
        self.succeed(Task::Outcomes);
        self.schedule.rest(Task::Outcomes);
        Ok(())
    }

    async fn deliver(&mut self, client: &Client) -> Result<(), Fault> {
        let (is_busy, parallel) = (self.is_busy().await?, self.settings.parallel_blobs);
        let (clock, instance) = (self.clock.as_ref(), self.instance);
        let means = Means {
            client,
            store: &self.store,
            clock,
            instance,
            parallel,
            is_busy,
            largest_body: self.largest_body(),
        };
        let round = self.delivery.round(&means).await;
        if round.progress || matches!(round.end, Ok(End::Done)) {
            self.succeed(Task::Delivery);
        }
        match round.end? {
            End::Done => self.schedule.rest(Task::Delivery),
            End::More => self.schedule.set(Task::Delivery, self.clock.steady()),
            End::Later => self.later(),
        }
        if round.progress {
            let backlog = blocking(&self.store, |store| store.backlog()).await?;
            self.tell(|status| status.backlog = Some(backlog));
        }
        Ok(())
    }

    /// Central is there and can't take the first event yet.
    fn later(&mut self) {
        let wait = self.jitter(Task::Delivery);
        if self.postpone(Task::Delivery, wait) {
            tracing::warn!("central wants the first event again and again");
        }
    }

    /// Under a limit a batch is what leaves in ten seconds, so that heartbeats are not held up for long.
    fn largest_body(&self) -> usize {
        match self.settings.bytes_per_second {
            0 => LARGEST_BODY,
            rate => LARGEST_BODY.min((rate as usize).saturating_mul(10)),
        }
    }

    async fn is_busy(&self) -> Result<bool, StoreFault> {
        blocking(&self.store, |store| Ok(store.health().state == "busy")).await
    }

    async fn pull(&mut self, client: &Client) -> Result<(), Fault> {
        let pulled = self.directory.pull(client, &self.store).await?;
        self.succeed(Task::Directory);
        match pulled {
            Pulled::All => self.schedule.rest(Task::Directory),
            Pulled::More => self.schedule.set(Task::Directory, self.clock.steady()),
            Pulled::Later => {
                self.schedule.set(Task::Directory, self.clock.steady() + self.settings.heartbeat)
            }
        }
        Ok(())
    }
}

/// Central will never want this outcome: it doesn't know the command any more, or can't read what became of it.
fn is_not_wanted(error: &CallError) -> bool {
    error.is_about_the_body() || error.code() == Some(protocol::Code::NotFound)
}
