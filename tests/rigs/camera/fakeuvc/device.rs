//! What the threads of the fake webcam share: the bus, the sensor and the commands.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use crate::bus;
use crate::controls::Negotiation;
use crate::sensor::Damage;

/// A transfer that the host has asked for and the device has not answered yet.
#[derive(Debug, Clone, Copy)]
pub struct Transfer {
    /// The host's number for it.
    pub sequence: u32,
}

/// The webcam's state.
#[derive(Debug, Default)]
pub struct State {
    /// Bulk transfers waiting for picture data, oldest first.
    pub transfers: VecDeque<Transfer>,
    /// What host and device have agreed on.
    pub negotiation: Negotiation,
    /// Settings by entity and selector, where they were changed.
    pub settings: HashMap<(u8, u8), i32>,
    /// The automatic exposure can't be switched off.
    pub stubborn: bool,
    /// The device's end of the bus; none while unplugged.
    pub socket: Option<UnixStream>,
    /// No frames are sent.
    pub stalled: bool,
    /// The one picture to send; none for all in turn.
    pub only: Option<usize>,
    /// How frames are spoiled.
    pub damage: Damage,
}

/// The webcam; copies share its state.
#[derive(Debug, Clone)]
pub struct Device {
    shared: Arc<(Mutex<State>, Condvar)>,
}

impl Device {
    /// A webcam that is not plugged in.
    pub fn new() -> Self {
        Self { shared: Arc::new((Mutex::new(State::default()), Condvar::new())) }
    }

    /// The state, for as long as the guard lives.
    pub fn lock(&self) -> io::Result<MutexGuard<'_, State>> {
        self.shared.0.lock().map_err(|_| io::Error::other("a thread of the fake webcam died"))
    }

    /// Changes the state and wakes whoever waits for a change.
    pub fn change(&self, change: impl FnOnce(&mut State)) -> io::Result<()> {
        change(&mut *self.lock()?);
        self.shared.1.notify_all();
        Ok(())
    }

    /// Answers the oldest waiting transfer with `payload`; false where the host asks for none within `time`.
    ///
    /// The lock is held from taking it to answering it. Else the host could take the transfer back in between, and
    /// would drop the connection over the answer to a transfer that it no longer knows.
    pub fn answer_transfer(&self, payload: &[u8], time: Duration) -> io::Result<bool> {
        let state = self.lock()?;
        let (mut state, _) = self
            .shared
            .1
            .wait_timeout_while(state, time, |state| state.transfers.is_empty())
            .map_err(|_| io::Error::other("a thread of the fake webcam died"))?;
        let Some(transfer) = state.transfers.pop_front() else { return Ok(false) };
        if let Some(socket) = state.socket.as_mut() {
            bus::reply(socket, transfer.sequence, 0, payload.len() as u32, payload)?;
        }
        Ok(true)
    }
}
