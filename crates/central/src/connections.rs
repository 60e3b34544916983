//! Connections: how many there may be, and how long one may say nothing.
//!
//! Each takes a place, and one beyond the last is closed at once, so that file descriptors never run out: PostgreSQL and the photos
//! need some too. The handshake has its own limit, and the head of each request; between the two stands the greeting, the bytes by
//! which a client tells whether it speaks HTTP/1 or 2, and who doesn't end it in time is let go here.

use crate::metrics;
use axum_server::accept::Accept;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

/// The preface of HTTP/2 (RFC 9113, section 3.4) in bytes; a request of HTTP/1 that is shorter is served at once, too.
const GREETING: usize = 24;
/// File descriptors for everything else.
const SPARE: u64 = 256;

/// How many connections there may be: as many as are wanted, within the file descriptors that the process may open. What it may open
/// is raised first, as far as it may be.
pub(crate) fn places(wanted: usize) -> usize {
    let needed = wanted as u64 + SPARE;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = maximum.map_or(needed, |maximum| maximum.min(needed));
    if current.is_some_and(|current| current < raised)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum })
    {
        tracing::warn!(%error, "the number of open files can't be raised");
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(needed);
    let places = wanted.min(usize::try_from(files.saturating_sub(SPARE)).unwrap_or(wanted)).max(1);
    if places < wanted {
        tracing::warn!(places, wanted, "fewer connections are taken: the process may open too few files");
    }
    places
}

/// Takes a place for each connection.
#[derive(Clone, Debug)]
pub(crate) struct Gate<A> {
    inner: A,
    places: Arc<Semaphore>,
    patience: Duration,
}

impl<A> Gate<A> {
    /// Before `inner`, with so many places; a greeting may take as long as `patience`.
    pub fn new(inner: A, places: usize, patience: Duration) -> Self {
        Self { inner, places: Arc::new(Semaphore::new(places)), patience }
    }
}

impl<A, S> Accept<TcpStream, S> for Gate<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
{
    type Stream = Guarded<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            ::metrics::counter!(metrics::TURNED_AWAY).increment(1);
            return Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) });
        };
        // An answer of two small writes must not wait for the client's acknowledgement of the first.
        let nodelay = stream.set_nodelay(true);
        let (inner, patience) = (self.inner.accept(stream, service), self.patience);
        Box::pin(async move {
            nodelay?;
            let (stream, service) = inner.await?;
            let deadline = Some(Box::pin(tokio::time::sleep(patience)));
            Ok((Guarded { stream, deadline, greeted: 0, _place: place }, service))
        })
    }
}

/// A connection with its place, and a deadline until it has greeted.
#[derive(Debug)]
pub(crate) struct Guarded<S> {
    stream: S,
    deadline: Option<Pin<Box<Sleep>>>,
    greeted: usize,
    _place: OwnedSemaphorePermit,
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(deadline) = &mut self.deadline
            && deadline.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = into.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, into))?;
        self.greeted += into.filled().len() - before;
        if self.greeted >= GREETING {
            self.deadline = None;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
