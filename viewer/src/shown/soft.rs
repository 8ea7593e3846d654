//! Surfaces of soft tissue, which are many and large: they are made on a thread of their own while bones and implants are looked at already.

use super::surface::Surface;
use crate::session::CaseData;
use coxa_imaging::LabelMap;
use coxa_imaging::label_surface::soft_surface;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Labels of muscles come in steps of about so much.
const BLUR_MM: f64 = 2.0;

/// Surfaces by the names of their parts.
type Made = HashMap<String, Arc<Surface>>;

/// What makes them. Dropped before it is done, it stops after the surface in work.
pub(super) struct SoftTissue {
    made: Mutex<Receiver<Made>>,
    is_closed: Arc<AtomicBool>,
}

impl SoftTissue {
    /// Begins to make the surfaces of labels of a case. Where the system gives no thread there will be none.
    pub(super) fn begin(case: Arc<CaseData>, names: Vec<(u8, String)>) -> Self {
        let is_closed = Arc::new(AtomicBool::new(false));
        let (send, receive) = channel();
        let is_left = is_closed.clone();
        let work = move || {
            let Ok(labels) = case.labels() else { return };
            // One after another: the other processors answer what is asked meanwhile.
            let mut made = Made::new();
            for (id, name) in names {
                if is_left.load(Ordering::Relaxed) {
                    return;
                }
                made.insert(name, Arc::new(Surface::new(soft_surface(labels, id, BLUR_MM))));
            }
            // Who does not wait for them any more needs none.
            let _ = send.send(made);
        };
        // Without a thread its end of the channel is gone, and nothing will come.
        let _ = std::thread::Builder::new().name("soft tissue".into()).spawn(work);
        SoftTissue { made: Mutex::new(receive), is_closed }
    }

    /// The surfaces, once they are there; with `waits`, when they are. `Err` where none will come.
    pub(super) fn take(&self, waits: bool) -> Result<Option<Made>, ()> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        match waits {
            true => made.recv().map(Some).map_err(|_| ()),
            false => match made.try_recv() {
                Ok(made) => Ok(Some(made)),
                Err(TryRecvError::Empty) => Ok(None),
                Err(TryRecvError::Disconnected) => Err(()),
            },
        }
    }
}

impl Drop for SoftTissue {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }
}

/// Which labels have a voxel.
pub(super) fn present(labels: &LabelMap) -> [bool; 256] {
    let mut found = [false; 256];
    labels.volume.as_slice().iter().for_each(|&id| found[usize::from(id)] = true);
    found
}
