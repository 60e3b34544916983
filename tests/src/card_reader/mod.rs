//! An ID card reader in software: the firmware of a SAM_V module on a pseudo-terminal, with cards of invented people to lay on it.
//!
//! It is reached by a path that stays the same when the reader is unplugged and comes back, as udev's names do. What it does not play:
//! the radio to the card, and a card's own photo, which is filled with bytes that mean nothing.

mod card;
mod firmware;

pub use card::{RigCard, RigKind, with_check};

use firmware::{Firmware, State};
use std::{
    fs::{self, File, OpenOptions},
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::symlink,
    },
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};
use tempfile::TempDir;

/// What the reader does wrong, until it is told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Bytes that mean nothing before each answer, heads that begin no frame among them.
    Noise,
    /// Answers byte by byte, with this pause between two.
    Dribble(Duration),
    /// Whole answers, so much later.
    Late(Duration),
    /// Answers whose check byte is wrong.
    WrongCheck,
    /// Answers that state eight bytes more than they have.
    WrongLength,
    /// Answers that state 65535 bytes.
    Oversize,
    /// Bytes that mean nothing, instead of answers.
    Rubbish,
    /// 128 KiB of them.
    Flood,
    /// No answers at all.
    Silence,
    /// The first half of the answer that holds a card, and nothing more.
    HalfAnswer,
    /// The card is taken away in this step; the reader says that it failed (80, 81 or 41).
    PulledAway(Step),
    /// The first half of the answer that holds a card, and from then on silence.
    BreakDown,
    /// A step is refused with this status.
    Refuse(Step, u8),
}

/// A step of reading a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Is a card there?
    Find,
    /// Wake it.
    Select,
    /// Read it.
    Read,
}

/// How often each step was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Is a card there?
    pub finds: u64,
    /// Wake it.
    pub selects: u64,
    /// Read it.
    pub reads: u64,
}

/// The reader, plugged in. It is unplugged for good when dropped.
#[derive(Debug)]
pub struct CardReaderRig {
    folder: TempDir,
    state: Arc<Mutex<State>>,
    plugged: Option<Plugged>,
}

/// The two ends of the pseudo-terminal, and the thread that answers. The far end is kept open, or the near one would fail between two
/// openings by the program.
#[derive(Debug)]
struct Plugged {
    thread: Option<JoinHandle<io::Result<()>>>,
    state: Arc<Mutex<State>>,
    _far: File,
}

impl CardReaderRig {
    /// A reader that is plugged in, with nothing on it.
    ///
    /// # Errors
    /// Those of opening a pseudo-terminal and starting a thread.
    pub fn start() -> io::Result<Self> {
        let mut rig = Self {
            folder: tempfile::tempdir()?,
            state: Arc::new(Mutex::new(State::default())),
            plugged: None,
        };
        rig.plug_in()?;
        Ok(rig)
    }

    /// Where the reader is, whenever it is plugged in.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("card-reader")
    }

    /// Lays a card on, in place of what lies there.
    pub fn lay(&self, card: &RigCard) {
        self.lay_block(card.text_block());
    }

    /// Lays a card on that says just these bytes.
    pub fn lay_block(&self, block: [u8; card::BLOCK]) {
        self.state().lay(block);
    }

    /// Takes away what lies there.
    pub fn lift(&self) {
        self.state().lift();
    }

    /// Begins to do wrong; [`Fault::None`] ends it.
    pub fn play(&self, fault: Fault) {
        let mut state = self.state();
        (state.fault, state.once) = (fault, false);
    }

    /// Does wrong once, at the next answer that the fault can spoil.
    pub fn play_once(&self, fault: Fault) {
        let mut state = self.state();
        (state.fault, state.once) = (fault, true);
    }

    /// Whether a card that was read is found again while it stays; real readers differ. At the beginning it is.
    pub fn finds_again(&self, again: bool) {
        self.state().finds_again = again;
    }

    /// How often each step was asked for since the start.
    #[must_use]
    pub fn asked(&self) -> Asked {
        self.state().asked
    }

    /// Pulls the plug: the path is gone, and who has it open sees it hang up.
    ///
    /// # Errors
    /// The firmware had failed, or the path cannot be removed.
    pub fn unplug(&mut self) -> io::Result<()> {
        let Some(mut plugged) = self.plugged.take() else { return Ok(()) };
        fs::remove_file(self.path())?;
        plugged.stop()
    }

    /// Plugs it in again, at the same path. What lies on it is found anew.
    ///
    /// # Errors
    /// Those of opening a pseudo-terminal and starting a thread.
    pub fn plug_in(&mut self) -> io::Result<()> {
        self.unplug()?;
        let (near, far, far_path) = pseudo_terminal()?;
        let firmware = Firmware::new(near, Arc::clone(&self.state));
        self.state().power_on();
        let thread = std::thread::Builder::new().name("card-reader-rig".into()).spawn(|| firmware.run())?;
        self.plugged = Some(Plugged { thread: Some(thread), state: Arc::clone(&self.state), _far: far });
        let aside = self.folder.path().join("aside");
        symlink(far_path, &aside)?;
        fs::rename(aside, self.path())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Plugged {
    fn stop(&mut self) -> io::Result<()> {
        lock(&self.state).powered = false;
        let ended = self.thread.take().map(JoinHandle::join);
        ended.map_or(Ok(()), |ended| ended.unwrap_or_else(|_| Err(io::Error::other("the firmware panicked"))))
    }
}

impl Drop for Plugged {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("the card reader's firmware had failed: {error}");
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The near end, the far end in raw mode, and the far end's path.
fn pseudo_terminal() -> io::Result<(OwnedFd, File, PathBuf)> {
    use rustix::{pty, termios};
    let near = pty::openpt(pty::OpenptFlags::RDWR | pty::OpenptFlags::NOCTTY | pty::OpenptFlags::CLOEXEC)?;
    pty::grantpt(&near)?;
    pty::unlockpt(&near)?;
    let name = pty::ptsname(&near, Vec::new())?;
    let path = Path::new(name.to_str().map_err(io::Error::other)?).to_path_buf();
    let far = OpenOptions::new().read(true).write(true).open(&path)?;
    let mut mode = termios::tcgetattr(far.as_fd())?;
    mode.make_raw();
    termios::tcsetattr(far.as_fd(), termios::OptionalActions::Now, &mode)?;
    // The firmware must never hang in writing what nobody reads.
    rustix::io::ioctl_fionbio(&near, true)?;
    Ok((near, far, path))
}
