//! The bus: a socket to the kernel's virtual host controller (Documentation/usb/usbip_protocol.rst).

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use crate::controls::{self, Setup};
use crate::device::{Device, Transfer};

/// Where the virtual host controller is told to attach a socket.
const CONTROLLER: &str = "/sys/devices/platform/vhci_hcd.0";
/// The device's number on its own bus (bus 1, device 2), and its speed: USB 2.0's.
const DEVICE_ID: u32 = 0x0001_0002;
const HIGH_SPEED: u32 = 3;
/// How long a port may take to become free after an unplugging.
const PORT_TIME: Duration = Duration::from_secs(10);

const SUBMIT: u32 = 1;
const UNLINK: u32 = 2;
const SUBMIT_REPLY: u32 = 3;
const UNLINK_REPLY: u32 = 4;
/// A transfer that the host took back (`-ECONNRESET`).
const UNLINKED: i32 = -104;
const HEADER: usize = 48;

/// Plugs the device in: from here on the kernel sees it.
pub fn plug(device: &Device) -> io::Result<()> {
    let (ours, theirs) = UnixStream::pair()?;
    let bus = ours.try_clone()?;
    device.change(|state| {
        state.transfers.clear();
        state.settings.clear();
        state.socket = Some(ours);
    })?;
    let serving = device.clone();
    std::thread::spawn(move || {
        if let Err(error) = serve(&serving, bus) {
            println!("fake-uvc: off the bus ({error})");
        }
    });
    let port = free_port()?;
    let theirs: OwnedFd = theirs.into();
    let order = format!("{port} {} {DEVICE_ID} {HIGH_SPEED}", theirs.as_raw_fd());
    std::fs::write(format!("{CONTROLLER}/attach"), order)
}

/// Pulls the plug.
pub fn unplug(device: &Device) -> io::Result<()> {
    match device.lock()?.socket.take() {
        Some(socket) => socket.shutdown(Shutdown::Both),
        None => Ok(()),
    }
}

/// A USB 2.0 port that nothing is plugged into (status 4).
fn free_port() -> io::Result<u32> {
    let deadline = Instant::now() + PORT_TIME;
    loop {
        let status = std::fs::read_to_string(format!("{CONTROLLER}/status"))?;
        let port = status.lines().find_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["hs", port, "004", ..] => port.parse().ok(),
                _ => None,
            }
        });
        match port {
            Some(port) => return Ok(port),
            None if Instant::now() > deadline => return Err(io::Error::other("no free port")),
            None => std::thread::yield_now(),
        }
    }
}

/// Answers the host until the plug is pulled.
fn serve(device: &Device, mut bus: UnixStream) -> io::Result<()> {
    let mut header = [0; HEADER];
    loop {
        bus.read_exact(&mut header)?;
        let word =
            |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        match word(0) {
            SUBMIT => submit(device, &mut bus, &header, Submit::read(word))?,
            UNLINK => unlink(device, &mut bus, word(4), word(20))?,
            _ => return Err(io::Error::other("an unknown command")),
        }
    }
}

/// The fields of a submitted transfer.
struct Submit {
    sequence: u32,
    to_host: bool,
    end_point: u32,
    length: u32,
}

impl Submit {
    fn read(word: impl Fn(usize) -> u32) -> Self {
        Self { sequence: word(4), to_host: word(12) == 1, end_point: word(16), length: word(24) }
    }
}

fn submit(device: &Device, bus: &mut UnixStream, header: &[u8; HEADER], submit: Submit) -> io::Result<()> {
    let mut data = Vec::new();
    if !submit.to_host && submit.length > 0 {
        data.resize(submit.length as usize, 0);
        bus.read_exact(&mut data)?;
    }
    if submit.end_point != 0 {
        return device.change(|state| state.transfers.push_back(Transfer { sequence: submit.sequence }));
    }
    let mut packet = [0; 8];
    packet.copy_from_slice(&header[40..48]);
    // The lock is held while writing: the sensor writes to the same socket.
    let mut state = device.lock()?;
    match controls::answer(&mut state, Setup::new(packet), &data) {
        Ok(answer) if submit.to_host => reply(bus, submit.sequence, 0, answer.len() as u32, &answer),
        Ok(_) => reply(bus, submit.sequence, 0, submit.length, &[]),
        Err(error) => reply(bus, submit.sequence, error, 0, &[]),
    }
}

fn unlink(device: &Device, bus: &mut UnixStream, sequence: u32, unlinked: u32) -> io::Result<()> {
    let mut state = device.lock()?;
    let before = state.transfers.len();
    state.transfers.retain(|transfer| transfer.sequence != unlinked);
    let status = if state.transfers.len() < before { UNLINKED } else { 0 };
    write(bus, UNLINK_REPLY, sequence, status, 0, &[])
}

/// Answers a transfer.
pub fn reply(bus: &mut UnixStream, sequence: u32, status: i32, length: u32, data: &[u8]) -> io::Result<()> {
    write(bus, SUBMIT_REPLY, sequence, status, length, data)
}

fn write(
    bus: &mut UnixStream,
    command: u32,
    sequence: u32,
    status: i32,
    length: u32,
    data: &[u8],
) -> io::Result<()> {
    let mut message = vec![0; HEADER];
    message[0..4].copy_from_slice(&command.to_be_bytes());
    message[4..8].copy_from_slice(&sequence.to_be_bytes());
    message[20..24].copy_from_slice(&status.to_be_bytes());
    message[24..28].copy_from_slice(&length.to_be_bytes());
    message.extend_from_slice(data);
    bus.write_all(&message)
}
