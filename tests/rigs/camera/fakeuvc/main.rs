//! `fake-uvc FIFO JPEG_FOLDER [YUYV_FILE]`: a USB webcam in user space, plugged into the running kernel.
//!
//! The kernel's `vhci_hcd` takes USB traffic from a socket (USB/IP); this program is the device at its other end. The
//! kernel's own `uvcvideo` then drives it as it drives a real webcam. Needs root and both modules.
//!
//! It sends the folder's JPEG files in the order of their names, again and again, or the YUYV file's bytes where the
//! host asked for YUYV. It obeys commands, one a line, written into the FIFO:
//!
//! | command | what happens |
//! |---|---|
//! | `unplug`, `plug` | the device leaves the bus, comes back with its settings as they were made |
//! | `stall`, `go` | no frame is sent, frames are sent again |
//! | `mode KIND` | frames are sent as [`sensor::Damage`] says: `ok half zero empty junk noise nodht` |
//! | `stubborn`, `meek` | its automatic exposure can't be switched off, can be |
//! | `only NUMBER`, `all` | one picture is sent again and again, all of them in turn |
//! | `quit` | the program ends |
//!
//! What it leaves out: isochronous transfer, still pictures, sound, and the clock in the payload headers.

mod bus;
mod controls;
mod descriptors;
mod device;
mod sensor;

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;

use device::Device;
use sensor::{Damage, Pictures};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [fifo, jpegs, yuyv @ ..] = arguments.as_slice() else {
        eprintln!("usage: fake-uvc FIFO JPEG_FOLDER [YUYV_FILE]");
        return ExitCode::from(2);
    };
    match run(Path::new(fifo), Path::new(jpegs), yuyv.first().map(Path::new)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fake-uvc: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(fifo: &Path, jpegs: &Path, yuyv: Option<&Path>) -> io::Result<()> {
    let device = Device::new();
    let pictures = Pictures::load(jpegs, yuyv)?;
    let sensor = device.clone();
    std::thread::spawn(move || sensor::run(&sensor, &pictures));
    bus::plug(&device)?;
    // Open for writing too, it has no end when a writer closes it, and no line is lost between two of them.
    let commands = std::fs::OpenOptions::new().read(true).write(true).open(fifo)?;
    for line in BufReader::new(commands).lines() {
        let line = line?;
        println!("fake-uvc: {line}");
        if line == "quit" {
            break;
        }
        obey(&device, &line)?;
    }
    Ok(())
}

fn obey(device: &Device, line: &str) -> io::Result<()> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["unplug"] => bus::unplug(device),
        ["plug"] => bus::plug(device),
        ["stall"] => device.change(|state| state.stalled = true),
        ["go"] => device.change(|state| state.stalled = false),
        ["stubborn"] => device.change(|state| state.stubborn = true),
        ["meek"] => device.change(|state| state.stubborn = false),
        ["only", number] => {
            let number = number.parse().map_err(io::Error::other)?;
            device.change(|state| state.only = Some(number))
        }
        ["all"] => device.change(|state| state.only = None),
        ["mode", kind] => {
            let damage = Damage::by_name(kind).ok_or_else(|| io::Error::other(format!("no mode {kind}")))?;
            device.change(|state| state.damage = damage)
        }
        _ => Err(io::Error::other(format!("no command {line}"))),
    }
}
