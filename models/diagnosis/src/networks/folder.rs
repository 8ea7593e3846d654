//! The folder in which a training works, and from which it goes on after an interrupt.

use super::error::RecipeError;
use super::pixels::{self, Writer};
use super::plan::Plan;
use crate::images::Tensor;
use coxa_imaging::atomic;
use sha2::{Digest, Sha256};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Name of the folder within that of the run.
pub const WORK: &str = "training";
/// The recipe as it is carried: name and text.
const RECIPE: [(&str, &str); 3] = [
    ("train.py", include_str!("../../../training/diagnosis/train.py")),
    ("network.py", include_str!("../../../training/diagnosis/network.py")),
    ("export.py", include_str!("../../../training/diagnosis/export.py")),
];
/// Name of the file that starts.
pub(super) const START: &str = RECIPE[0].0;
/// Name of the file with what Python said.
pub(super) const LOG_FILE: &str = "recipe.log";
/// File of the plan within it, from when the training was begun.
pub const PLAN: &str = "plan.json";
const IMAGES: &str = "images.npy";
const LOCK: &str = "lock";

/// The folder of a training, of which this program is the only user.
#[derive(Debug)]
pub(crate) struct WorkFolder {
    pub(super) path: PathBuf,
    shape: [usize; 4],
    _lock: File,
}

/// SHA-256 of the recipe, in hexadecimal.
pub(crate) fn recipe_sha256() -> String {
    let mut hash = Sha256::new();
    for (name, text) in RECIPE {
        hash.update(name);
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl WorkFolder {
    /// Opens the folder within that of a run for a plan: makes it with the recipe, or takes one that holds the same plan.
    ///
    /// # Errors
    /// Another plan, another program that works there, a disk that does not take it.
    pub(crate) fn open(run: &Path, plan: &Plan) -> Result<WorkFolder, RecipeError> {
        let path = run.join(WORK);
        std::fs::create_dir_all(&path).map_err(failed("the folder"))?;
        let lock = File::create(path.join(LOCK)).map_err(failed(LOCK))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => RecipeError::Busy,
            TryLockError::Error(error) => failed(LOCK)(error),
        })?;
        let bytes = plan.bytes();
        match std::fs::read(path.join(PLAN)) {
            Ok(there) if there != bytes => return Err(RecipeError::OtherPlan),
            Ok(_) => {}
            Err(_) => atomic::write(&path.join(PLAN), &bytes).map_err(failed(PLAN))?,
        }
        // Also of a training that goes on: the run says that this recipe trained it.
        for (name, text) in RECIPE {
            atomic::write(&path.join(name), text.as_bytes()).map_err(failed(name))?;
        }
        Ok(WorkFolder { path, shape: plan.shape(), _lock: lock })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the images are there.
    pub(crate) fn has_images(&self) -> bool {
        self.path.join(IMAGES).is_file()
    }

    /// Writes the images, which `each` gives one by one in the order of the cases.
    ///
    /// # Errors
    /// Those of `each`, and a disk that does not take them.
    pub(crate) fn put_images<E: From<RecipeError>>(
        &self,
        each: impl FnOnce(&mut dyn FnMut(usize, Tensor)) -> Result<(), E>,
    ) -> Result<(), E> {
        let path = self.path.join(IMAGES);
        let mut writer = Writer::new(&path, self.shape).map_err(failed(IMAGES))?;
        let mut first: Option<io::Error> = None;
        each(&mut |_, image| {
            if first.is_none() {
                first = writer.put(&image).err();
            }
        })?;
        match first {
            Some(error) => Err(failed(IMAGES)(error).into()),
            None => Ok(writer.finish(&path).map_err(failed(IMAGES))?),
        }
    }

    /// The image of a case as the networks saw it.
    ///
    /// # Errors
    /// A file that is not there or too short.
    pub(crate) fn image(&self, case: usize) -> Result<Tensor, RecipeError> {
        pixels::read(&self.path.join(IMAGES), self.shape, case).map_err(failed(IMAGES))
    }

    /// A file of the folder.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, RecipeError> {
        std::fs::read(self.path.join(name)).map_err(failed(name))
    }

    /// Removes from a complete run what it does not need: the copy of the images, checkpoints, and graphs that lie beside the manifest.
    pub(crate) fn clear(run: &Path) {
        let Ok(files) = std::fs::read_dir(run.join(WORK)) else { return };
        for path in files.flatten().map(|file| file.path()) {
            let is = |ending: &str| path.extension().is_some_and(|own| own == ending);
            let name = path.file_name().unwrap_or_default();
            if is("pt") || is("onnx") || is("partial") || name == IMAGES || name == LOCK {
                // What stays does no harm.
                let _ = std::fs::remove_file(&path);
            }
        }
    }
}

/// The error of a file of the folder.
pub(super) fn failed(file: &str) -> impl Fn(io::Error) -> RecipeError + use<> {
    let file = file.to_owned();
    move |error| RecipeError::File { file: file.clone(), error }
}
