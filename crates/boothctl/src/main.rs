//! The technician's command line: official photos from picture files, what a sequence would be advised, a gallery to
//! look at, sheets, and how a booth's devices and data are.
//!
//! It works on the same rooms as the kiosk and adds no rule of its own. It changes nothing of the booth's data but what becomes
//! of a print, the school's lists, and what binds it to a central server, and that only while the kiosk, its one writer, is stopped.
//!
//! Exit status: 0 where all is well, 1 where a picture was refused or something has a fault, 2 where the work could not
//! be begun.

mod calibrate;
mod cameras;
mod central;
mod check;
mod coach;
mod enrol;
mod failure;
mod files;
mod gallery;
mod ledgers;
mod output;
mod password;
mod photo;
mod pin;
mod printers;
mod prints;
mod refunds;
mod roster;
mod sheet;

use clap::{Parser, Subcommand};
use failure::{Failure, chain};
use std::process::ExitCode;

/// The technician's command line of Campus Booth.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Photo(photo::Arguments),
    Coach(coach::Arguments),
    Gallery(gallery::Arguments),
    Sheet(sheet::Arguments),
    Cameras(cameras::Arguments),
    Printers(printers::Arguments),
    Prints(prints::Arguments),
    Refunds(refunds::Arguments),
    Central(central::Arguments),
    Enrol(enrol::Arguments),
    Password(password::Arguments),
    Roster(roster::Arguments),
    Calibrate(calibrate::Arguments),
    Check(check::Arguments),
    Pin(pin::Arguments),
}

/// What a command that could do its work found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing to complain of.
    Well,
    /// Something was refused or has a fault; the output says what.
    Faulty,
}

impl Outcome {
    /// The worse of two.
    fn and(self, other: Self) -> Self {
        if self == Self::Well { other } else { self }
    }
}

fn main() -> ExitCode {
    if let Some(code) = camera::worker::intercept() {
        return code;
    }
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(&Arguments::parse().command) {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::Faulty) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("boothctl: {}", chain(&failure));
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command) -> Result<Outcome, Failure> {
    match command {
        Command::Photo(arguments) => photo::run(arguments),
        Command::Coach(arguments) => coach::run(arguments),
        Command::Gallery(arguments) => gallery::run(arguments),
        Command::Sheet(arguments) => sheet::run(arguments),
        Command::Cameras(arguments) => cameras::run(arguments),
        Command::Printers(arguments) => printers::run(arguments),
        Command::Prints(arguments) => prints::run(arguments),
        Command::Refunds(arguments) => refunds::run(arguments),
        Command::Central(arguments) => central::run(arguments),
        Command::Enrol(arguments) => enrol::run(arguments),
        Command::Password(arguments) => password::run(arguments),
        Command::Roster(arguments) => roster::run(arguments),
        Command::Calibrate(arguments) => calibrate::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Pin(arguments) => pin::run(arguments),
    }
}
