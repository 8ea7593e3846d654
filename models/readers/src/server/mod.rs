//! The local page: a small HTTP server that answers readers alone.

mod assets;
mod cache;
mod http;
mod listen;
mod routes;
mod state;

pub use listen::{Clock, Handle, ReaderLink, Server, system_clock};
