//! Ports for programs that are told where to listen. Included by path beside [`super::postgres`].

use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

/// A TCP port of the loopback that is free now, and that the kernel gives to nobody by itself afterwards, also while its program is
/// ended and started again: it lies below those that the kernel gives (`net.ipv4.ip_local_port_range` begins at 32768). Each call of a
/// process has another.
///
/// # Errors
/// [`io::ErrorKind::AddrInUse`] where thousands are taken.
pub fn free_port() -> io::Result<u16> {
    const PORTS: std::ops::Range<u16> = 20_000..32_000;
    static CALLS: AtomicU32 = AtomicU32::new(0);
    // Processes side by side mostly begin far from each other.
    let begin = std::process::id().wrapping_mul(4999);
    for _ in PORTS {
        let place =
            begin.wrapping_add(CALLS.fetch_add(1, Ordering::Relaxed)) % u32::from(PORTS.end - PORTS.start);
        let port = PORTS.start + u16::try_from(place).map_err(io::Error::other)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}
