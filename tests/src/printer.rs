//! A real IPP Everywhere printer in software (`rigs/printer`), with paper to run out of, jams, and a switch.

use crate::free_port::free_port;
use crate::process::{Owned, wait_for};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tempfile::TempDir;

/// Chooses the tests that need the printer.
const SELECTOR: &str = "BOOTH_PRINTER_RIG";
const START_LIMIT: Duration = Duration::from_secs(20);
const SHEETS_IN_A_FULL_TRAY: u32 = 125;

/// The printer, switched on. It is switched off for good when dropped.
#[derive(Debug)]
pub struct PrinterRig {
    folder: TempDir,
    port: u16,
    printer: Option<Owned>,
}

impl PrinterRig {
    /// The printer if the environment chooses its tests (`BOOTH_PRINTER_RIG=1`); says so on stderr if it doesn't.
    ///
    /// # Errors
    /// Those of [`PrinterRig::start`].
    pub fn selected() -> io::Result<Option<Self>> {
        if std::env::var_os(SELECTOR).is_some_and(|value| value == "1") {
            return Self::start().map(Some);
        }
        eprintln!("not selected: {SELECTOR}=1 runs this test on the software printer");
        Ok(None)
    }

    /// Starts a printer on a free port and waits until it answers.
    ///
    /// # Errors
    /// Those of starting the programs (`ippeveprinter`, `dbus-daemon`), and a printer that doesn't come up in 20 s.
    pub fn start() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut rig = Self { port: free_port()?, folder, printer: None };
        rig.start_again()?;
        Ok(rig)
    }

    /// Switches it on after [`PrinterRig::kill`], at the same address. It has forgotten its jobs.
    ///
    /// # Errors
    /// As [`PrinterRig::start`].
    pub fn start_again(&mut self) -> io::Result<()> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("rigs/printer/printer.sh");
        let log = File::options().create(true).append(true).open(self.path("log"))?;
        let mut command = Command::new(script);
        command.arg(self.folder.path()).arg(self.port.to_string()).stdout(log.try_clone()?).stderr(log);
        self.printer = Some(Owned::start(&mut command)?);
        wait_for("the printer to answer", START_LIMIT, || self.web_page("/").ok())
    }

    /// Switches it off at once, as a pulled plug does.
    pub fn kill(&mut self) {
        self.printer = None;
    }

    /// Makes it hang: connections are made, answers aren't.
    ///
    /// # Errors
    /// No printer is switched on.
    pub fn stop(&mut self) -> io::Result<()> {
        self.signal("-STOP")
    }

    /// Ends the hanging.
    ///
    /// # Errors
    /// No printer is switched on.
    pub fn cont(&mut self) -> io::Result<()> {
        self.signal("-CONT")
    }

    /// The printer's address.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("ipp://localhost:{}/ipp/print", self.port)
    }

    /// The port that the printer listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A state reason, such as `media-jam`, that holds the next job (or the one in hand) until [`PrinterRig::clear_fault`].
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn set_fault(&self, reason: &str) -> io::Result<()> {
        fs::write(self.path("fault"), reason)
    }

    /// Ends the fault.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn clear_fault(&self) -> io::Result<()> {
        self.set_fault("")
    }

    /// Puts so many sheets of 6-inch paper into the tray; 0 is out of paper.
    ///
    /// # Errors
    /// The printer doesn't answer.
    pub fn paper(&self, sheets: u32) -> io::Result<()> {
        let size = "custom_photo-6cun_102x152mm";
        self.web_page(&format!("/media?size0={size}&type0=photographic-glossy&level0={sheets}"))
    }

    /// Fills the tray.
    ///
    /// # Errors
    /// The printer doesn't answer.
    pub fn refill(&self) -> io::Result<()> {
        self.paper(SHEETS_IN_A_FULL_TRAY)
    }

    /// The documents that came out, oldest first.
    ///
    /// # Errors
    /// Those of reading a folder.
    pub fn printed(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(self.path("printed")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
        let mut documents: Vec<_> =
            paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == "pdf")).collect();
        documents.sort();
        Ok(documents)
    }

    /// The documents once at least `count` have come out.
    ///
    /// # Errors
    /// Fewer within `limit`.
    pub fn wait_printed(&self, count: usize, limit: Duration) -> io::Result<Vec<PathBuf>> {
        let enough = || self.printed().ok().filter(|documents| documents.len() >= count);
        wait_for(&format!("{count} prints"), limit, enough)
    }

    /// The IPP attributes that a printed document's job had, a line each (`IPP_COPIES=2`).
    ///
    /// # Errors
    /// Those of reading a file.
    pub fn attributes(&self, document: &Path) -> io::Result<String> {
        fs::read_to_string(document.with_extension("attributes"))
    }

    /// What the printer has said so far; for a failed test's message.
    ///
    /// # Errors
    /// Those of reading a file.
    pub fn log(&self) -> io::Result<String> {
        fs::read_to_string(self.path("log"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn signal(&mut self, signal: &str) -> io::Result<()> {
        let off = || io::Error::other("the printer is switched off");
        let id = self.printer.as_mut().ok_or_else(off)?.child().id();
        let status = Command::new("kill").arg(signal).arg(id.to_string()).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("kill {signal} failed"))) }
    }

    /// Fetches one of the printer's own web pages and drops it.
    fn web_page(&self, path: &str) -> io::Result<()> {
        let mut stream = TcpStream::connect(("localhost", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port)?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        if head.ends_with(b"200") { Ok(()) } else { Err(io::Error::other("the printer's web page failed")) }
    }
}
