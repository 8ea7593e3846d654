//! Decoded pictures, so that a stack is not decoded for each slice.

use crate::error::ReadersError;
use crate::picture::Picture;
use crate::study::{Study, StudyPicture};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of pictures that are kept; the last one is kept whatever its size.
const MAX_BYTES: usize = 512 << 20;

/// Pictures by their hash, the last used at the end.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pictures: Mutex<Vec<(String, Arc<Picture>)>>,
    /// One picture is decoded at a time: two at once may be more than the memory holds.
    decoding: Mutex<()>,
    /// Whether a picture is decoded in advance.
    is_ahead: AtomicBool,
}

impl Cache {
    /// A picture of a study.
    pub(super) fn get(&self, study: &Study, picture: &StudyPicture) -> Result<Arc<Picture>, ReadersError> {
        if let Some(found) = self.find(&picture.blake3) {
            return Ok(found);
        }
        let _one_at_a_time = self.decoding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = self.find(&picture.blake3) {
            return Ok(found);
        }
        let opened = Arc::new(study.picture(picture)?);
        let mut pictures = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.push((picture.blake3.clone(), Arc::clone(&opened)));
        let mut bytes: usize = pictures.iter().map(|(_, picture)| picture.bytes()).sum();
        while bytes > MAX_BYTES && pictures.len() > 1 {
            bytes -= pictures.remove(0).1.bytes();
        }
        Ok(opened)
    }

    /// Decodes pictures in advance in a thread of its own, where none does so already. What fails is told when it is asked for.
    pub(super) fn ahead(self: &Arc<Cache>, study: &Arc<Study>, pictures: Vec<StudyPicture>) {
        let is_known = |picture: &StudyPicture| self.find(&picture.blake3).is_some();
        if pictures.iter().all(is_known) || self.is_ahead.swap(true, Ordering::SeqCst) {
            return;
        }
        let (cache, study) = (Arc::clone(self), Arc::clone(study));
        let started = std::thread::Builder::new().spawn(move || {
            for picture in &pictures {
                let _ = cache.get(&study, picture);
            }
            cache.is_ahead.store(false, Ordering::SeqCst);
        });
        if started.is_err() {
            self.is_ahead.store(false, Ordering::SeqCst);
        }
    }

    fn find(&self, hash: &str) -> Option<Arc<Picture>> {
        let mut pictures = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        let place = pictures.iter().position(|(other, _)| other == hash)?;
        let found = pictures.remove(place);
        let picture = Arc::clone(&found.1);
        pictures.push(found);
        Some(picture)
    }
}
