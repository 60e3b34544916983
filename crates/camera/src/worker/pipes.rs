//! The capture process's two pipes: standard output carries messages out, standard input carries orders in.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::{self, Receiver, Sender};

use crate::wire::{Message, Order, Parser};

/// Messages to the parent.
pub(super) struct Out {
    pipe: File,
}

/// Takes standard output for messages and ties this process's life to its parent's.
///
/// Whatever prints to standard output afterwards prints to standard error: a stray line from a library must not end
/// up between two messages.
pub(super) fn claim() -> io::Result<Out> {
    die_with_parent()?;
    let pipe = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    // SAFETY: both descriptors are open; dup2 replaces the second and touches no memory.
    if unsafe { libc::dup2(libc::STDERR_FILENO, libc::STDOUT_FILENO) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Out { pipe })
}

/// Asks the kernel to kill this process when the thread that started it ends. The orders' pipe does the same more
/// slowly, should the parent be gone already.
fn die_with_parent() -> io::Result<()> {
    // SAFETY: the call sets a flag of this process and takes no pointers.
    let set = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

impl Out {
    /// Sends one message; waits while the parent is slow to read.
    pub(super) fn send(&mut self, message: &Message) -> io::Result<()> {
        let bytes = message.encode().map_err(io::Error::other)?;
        self.pipe.write_all(&bytes)
    }
}

/// Reads orders in a thread of their own, because the capture loop may be stuck in the driver. The order to stop, or
/// the end of the pipe, ends the process at once.
pub(super) fn orders() -> io::Result<Receiver<Order>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new().name("orders".into()).spawn(move || {
        let code = match read_orders(&sender) {
            Ok(()) => 0,
            Err(error) => {
                eprintln!("{}: {error}", super::ROLE);
                1
            }
        };
        std::process::exit(code);
    })?;
    Ok(receiver)
}

fn read_orders(orders: &Sender<Order>) -> io::Result<()> {
    let mut parser = Parser::default();
    let mut piece = [0; 4096];
    loop {
        let read = io::stdin().lock().read(&mut piece)?;
        if read == 0 {
            return Ok(());
        }
        parser.push(&piece[..read]);
        while let Some(message) = parser.next_message().map_err(io::Error::other)? {
            match message {
                Message::Order(Order::Stop) => return Ok(()),
                // The capture loop ends only with the process: there is somebody to take the order.
                Message::Order(order) => orders.send(order).map_err(io::Error::other)?,
                Message::Note(_) | Message::Frame(_) => return Err(io::Error::other("not an order")),
            }
        }
    }
}
