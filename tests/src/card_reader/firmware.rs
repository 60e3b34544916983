//! What answers at the near end of the pseudo-terminal.

use super::card::BLOCK;
use super::{Asked, Fault, Step, lock};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::{
    fs::File,
    io::{self, Read, Write},
    os::fd::OwnedFd,
    sync::{Arc, Mutex},
    thread::sleep,
    time::Duration,
};

const HEAD: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];
const REQUEST: usize = 10;
const PHOTO: usize = 1024;
const FLOOD: usize = 128 * 1024;
/// How soon it notices that its plug was pulled.
const SLICE: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// What the rig and its firmware share.
#[derive(Debug)]
pub(super) struct State {
    pub powered: bool,
    pub fault: Fault,
    /// Whether the fault ends with the first answer that it spoils.
    pub once: bool,
    pub finds_again: bool,
    pub asked: Asked,
    card: Option<Laid>,
}

#[derive(Debug)]
struct Laid {
    block: [u8; BLOCK],
    selected: bool,
    read: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            powered: false,
            fault: Fault::None,
            once: false,
            finds_again: true,
            asked: Asked::default(),
            card: None,
        }
    }
}

impl State {
    pub fn lay(&mut self, block: [u8; BLOCK]) {
        self.card = Some(Laid { block, selected: false, read: false });
    }

    pub fn lift(&mut self) {
        self.card = None;
    }

    pub fn power_on(&mut self) {
        self.powered = true;
        if let Some(card) = &mut self.card {
            (card.selected, card.read) = (false, false);
        }
    }

    /// The status and data of the answer to `step`.
    fn answer(&mut self, step: Step) -> (u8, Vec<u8>) {
        let refused = match self.spoils(step) {
            Fault::Refuse(_, status) => Some(status),
            Fault::PulledAway(_) => {
                self.card = None;
                None
            }
            Fault::BreakDown => {
                self.fault = Fault::Silence;
                None
            }
            _ => None,
        };
        match (refused, step) {
            (Some(status), _) => (status, Vec::new()),
            (None, Step::Find) => self.find(),
            (None, Step::Select) => self.select(),
            (None, Step::Read) => self.read(),
        }
    }

    /// The fault that spoils this step's answer.
    fn spoils(&self, step: Step) -> Fault {
        match self.fault {
            Fault::Refuse(at, _) | Fault::PulledAway(at) if at != step => Fault::None,
            Fault::HalfAnswer | Fault::BreakDown if step != Step::Read => Fault::None,
            fault => fault,
        }
    }

    fn find(&mut self) -> (u8, Vec<u8>) {
        let again = self.finds_again;
        match &mut self.card {
            Some(card) if again || !card.read => {
                card.selected = false;
                (0x9F, vec![0; 4])
            }
            _ => (0x80, Vec::new()),
        }
    }

    fn select(&mut self) -> (u8, Vec<u8>) {
        match &mut self.card {
            Some(card) => {
                card.selected = true;
                (0x90, vec![0; 8])
            }
            None => (0x81, Vec::new()),
        }
    }

    fn read(&mut self) -> (u8, Vec<u8>) {
        match &mut self.card {
            Some(card) if card.selected => {
                card.read = true;
                let photo = (0..PHOTO).map(|at| (at * 37 % 251) as u8);
                (0x90, [1, 0, 4, 0].into_iter().chain(card.block).chain(photo).collect())
            }
            _ => (0x41, Vec::new()),
        }
    }
}

/// The thread's own part.
pub(super) struct Firmware {
    near: File,
    state: Arc<Mutex<State>>,
    heard: Vec<u8>,
}

impl Firmware {
    pub fn new(near: OwnedFd, state: Arc<Mutex<State>>) -> Self {
        Self { near: near.into(), state, heard: Vec::new() }
    }

    /// Answers until the plug is pulled.
    pub fn run(mut self) -> io::Result<()> {
        while self.powered() {
            if self.ready(PollFlags::IN)? {
                let mut chunk = [0; 256];
                let count = self.near.read(&mut chunk)?;
                self.heard.extend_from_slice(&chunk[..count]);
            }
            while let Some(request) = self.next_request() {
                self.serve(&request)?;
            }
        }
        Ok(())
    }

    fn powered(&self) -> bool {
        lock(&self.state).powered
    }

    fn ready(&self, what: PollFlags) -> io::Result<bool> {
        let mut waiting = [PollFd::new(&self.near, what)];
        Ok(poll(&mut waiting, Some(&SLICE))? > 0)
    }

    /// The next whole request that was heard.
    fn next_request(&mut self) -> Option<[u8; REQUEST]> {
        let at = self.heard.windows(HEAD.len()).position(|window| window == HEAD)?;
        self.heard.drain(..at);
        let request = self.heard.first_chunk::<REQUEST>().copied()?;
        self.heard.drain(..REQUEST);
        Some(request)
    }

    fn serve(&mut self, request: &[u8; REQUEST]) -> io::Result<()> {
        let [.., high, low, command, parameter, check] = *request;
        let sound = high ^ low ^ command ^ parameter == check && (high, low) == (0, 3);
        let step = match (sound, command, parameter) {
            (false, _, _) => return self.send(&framed(0x10, &[])),
            (_, 0x20, 0x01) => Step::Find,
            (_, 0x20, 0x02) => Step::Select,
            (_, 0x30, 0x01) => Step::Read,
            _ => return self.send(&framed(0x21, &[])),
        };
        let (fault, status, data) = self.judged(step);
        self.answer(fault, &framed(status, &data))
    }

    /// What spoils the answer to `step`, and the answer.
    fn judged(&self, step: Step) -> (Fault, u8, Vec<u8>) {
        let mut state = lock(&self.state);
        match step {
            Step::Find => state.asked.finds += 1,
            Step::Select => state.asked.selects += 1,
            Step::Read => state.asked.reads += 1,
        }
        let fault = state.spoils(step);
        let (status, data) = state.answer(step);
        if state.once && fault != Fault::None {
            (state.fault, state.once) = (Fault::None, false);
        }
        (fault, status, data)
    }

    /// Sends `frame`, spoilt as `fault` has it.
    fn answer(&mut self, fault: Fault, frame: &[u8]) -> io::Result<()> {
        let last = frame.len() - 1;
        let mut spoilt = frame.to_vec();
        match fault {
            Fault::None | Fault::Refuse(..) | Fault::PulledAway(_) => {}
            Fault::Silence => return Ok(()),
            Fault::Late(pause) => sleep(pause),
            Fault::Noise => spoilt = [&noise(300), &HEAD[..4], &HEAD, &[0x04, 0x00], frame].concat(),
            Fault::WrongCheck => spoilt[last] ^= 0x55,
            Fault::WrongLength => spoilt[6] = spoilt[6].wrapping_add(8),
            Fault::Oversize => spoilt[5..7].fill(0xFF),
            Fault::Rubbish => spoilt = noise(40),
            Fault::Flood => spoilt = noise(FLOOD),
            Fault::HalfAnswer | Fault::BreakDown => spoilt.truncate(last / 2),
            Fault::Dribble(pause) => return self.dribble(frame, pause),
        }
        self.send(&spoilt)
    }

    fn dribble(&mut self, frame: &[u8], pause: Duration) -> io::Result<()> {
        for byte in frame {
            self.send(std::slice::from_ref(byte))?;
            sleep(pause);
        }
        Ok(())
    }

    /// Writes as fast as it is read, and gives up when the plug is pulled.
    fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() && self.powered() {
            match self.near.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.ready(PollFlags::OUT)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn framed(status: u8, data: &[u8]) -> Vec<u8> {
    let length = (data.len() + 4) as u16;
    let mut frame = HEAD.to_vec();
    frame.extend(length.to_be_bytes());
    frame.extend([0, 0, status]);
    frame.extend(data);
    frame.push(frame[HEAD.len()..].iter().fold(0, |check, byte| check ^ byte));
    frame
}

/// Bytes that mean nothing, the same each time (a linear congruential generator's high bytes).
fn noise(count: usize) -> Vec<u8> {
    let mut seed = 7_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    };
    (0..count).map(|_| next()).collect()
}
