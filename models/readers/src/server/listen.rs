//! The server: a thread for each connection, so many at once.

use super::cache::Cache;
use super::http::{self, Response, Verb};
use super::routes::{App, Seat};
use crate::error::ReadersError;
use crate::reading::Desk;
use crate::study::Study;
use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Connections at once: browsers open some in advance.
const MAX_CONNECTIONS: usize = 64;
/// How long a request may take to come, and a response to go.
const PATIENCE: Duration = Duration::from_secs(15);

/// Milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The clock of the machine.
pub fn system_clock() -> Clock {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64))
}

/// The link of a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderLink {
    /// The reader.
    pub reader: String,
    /// Where the browser finds the page.
    pub url: String,
}

/// A server that listens.
pub struct Server {
    app: Arc<App>,
    listener: TcpListener,
    clock: Clock,
    links: Vec<ReaderLink>,
    /// One server serves a study at a time.
    _lock: File,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("listener", &self.listener).finish_non_exhaustive()
    }
}

/// A server that runs in a thread of its own, and ends when this is dropped.
#[derive(Debug)]
pub struct Handle {
    address: SocketAddr,
    is_stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Opens a study and listens.
    ///
    /// # Errors
    /// A study that cannot be opened or is served already; an address that is not free.
    pub fn bind(folder: &Path, address: SocketAddr, clock: Clock) -> Result<Server, ReadersError> {
        let study = Arc::new(Study::open(folder)?);
        let readings = study.readings();
        std::fs::create_dir_all(&readings).map_err(|error| ReadersError::io(&readings, &error))?;
        let lock = lock(&readings)?;
        let links = study.links()?;
        let mut seats = Vec::new();
        for (place, reader) in study.settings.readers.iter().enumerate() {
            let token = links.iter().find(|link| link.reader == *reader).map(|link| link.token.clone());
            let Some(token) = token else { continue };
            seats.push(Seat { token, desk: Mutex::new(Desk::open(&study, place)?) });
        }
        let listener = TcpListener::bind(address).map_err(|error| {
            let reason = match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    "another program listens there; give another port with --listen"
                }
                _ => "nobody can listen there; give an address of this machine with --listen",
            };
            ReadersError::Study(format!("{address}: {reason}"))
        })?;
        let bound = listener.local_addr().map_err(|error| ReadersError::Study(error.to_string()))?;
        let link = |(reader, seat): (&String, &Seat)| ReaderLink {
            reader: reader.clone(),
            url: format!("http://{bound}/r/{}/", seat.token),
        };
        let links = study.settings.readers.iter().zip(&seats).map(link).collect();
        let is_local = bound.ip().is_loopback();
        let app = Arc::new(App { study, seats, cache: Arc::new(Cache::default()), is_local });
        Ok(Server { app, listener, clock, links, _lock: lock })
    }

    /// Links of the readers, in their order.
    pub fn links(&self) -> &[ReaderLink] {
        &self.links
    }

    /// Answers until the program ends.
    pub fn run(&self) {
        self.serve(&AtomicBool::new(false));
    }

    /// Answers in a thread of its own.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn spawn(self) -> Result<Handle, ReadersError> {
        let failed =
            |error: std::io::Error| ReadersError::Study(format!("the server does not start: {error}"));
        let address = self.listener.local_addr().map_err(failed)?;
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_stopped);
        let thread = std::thread::Builder::new().spawn(move || self.serve(&stop)).map_err(failed)?;
        Ok(Handle { address, is_stopped, thread: Some(thread) })
    }

    fn serve(&self, is_stopped: &AtomicBool) {
        let count = Arc::new(AtomicUsize::new(0));
        for stream in self.listener.incoming() {
            if is_stopped.load(Ordering::SeqCst) {
                return;
            }
            let Ok(mut stream) = stream else {
                // Out of file handles: connections that end free some.
                std::thread::sleep(Duration::from_millis(20));
                continue;
            };
            let seat = Connection::of(&count);
            if seat.others >= MAX_CONNECTIONS {
                http::send(&mut stream, &Verb::Get, &Response::text(503, "too many connections at once"));
                continue;
            }
            let (app, clock) = (Arc::clone(&self.app), Arc::clone(&self.clock));
            // Without a thread the connection is dropped, and the browser asks again.
            let _ = std::thread::Builder::new().spawn(move || {
                one(&app, &clock, stream);
                drop(seat);
            });
        }
    }
}

/// A connection that is counted until it ends, however it ends.
struct Connection {
    count: Arc<AtomicUsize>,
    /// Others at its beginning.
    others: usize,
}

impl Connection {
    fn of(count: &Arc<AtomicUsize>) -> Connection {
        Connection { count: Arc::clone(count), others: count.fetch_add(1, Ordering::SeqCst) }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Answers one connection.
fn one(app: &App, clock: &Clock, mut stream: TcpStream) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let _ = stream.set_nodelay(true);
    match http::read(&mut stream) {
        Ok(request) => {
            let response = app.answer(&request, clock());
            http::send(&mut stream, &request.verb, &response);
        }
        Err(response) => http::send(&mut stream, &Verb::Get, &response),
    }
    let _ = stream.shutdown(std::net::Shutdown::Write);
}

/// Takes the readings for this program.
fn lock(readings: &Path) -> Result<File, ReadersError> {
    let path = readings.join(".lock");
    let io = |error: std::io::Error| ReadersError::io(&path, &error);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(ReadersError::file(readings, "the study is served already; one server at a time"))
        }
        Err(std::fs::TryLockError::Error(error)) => Err(io(error)),
    }
}

impl Handle {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
