//! The tensors of all cases of a table.

use super::checked::{Owners, Wanted, check_plane, open_checked};
use super::steps::tensor;
use super::tensor::Tensor;
use crate::cases::{Cases, Column, Problem, Problems};
use crate::manifest::{Input, Manifest, Value};
use rayon::prelude::*;
use std::path::Path;

/// Images that are open at a time.
const AT_ONCE: usize = 4;

/// The image that graphs look at, and what is asked of it; `None` of a module without an image.
pub fn image_input(manifest: &Manifest) -> Option<(&Input, Wanted<'_>)> {
    manifest.inputs.iter().find_map(|input| match &input.value {
        Value::Image { modality, view } => Some((input, Wanted { modality, view: view.as_deref() })),
        _ => None,
    })
}

/// Opens the image of each case from the folder of images, takes it through the steps of the manifest, and gives it to `take` in the order of the cases.
///
/// # Errors
/// All cases whose image is missing, cannot be used, or is that of another patient, each with its row; `take` may have had others before.
pub fn tensors(
    cases: &Cases,
    manifest: &Manifest,
    folder: &Path,
    take: &mut dyn FnMut(usize, Tensor),
) -> Result<(), Problems> {
    let Some((input, wanted)) = image_input(manifest) else { return Ok(()) };
    let none = Vec::new();
    let paths = match cases.inputs.get(&input.id) {
        Some(Column::Paths(paths)) => paths,
        _ => &none,
    };
    let one = |case: usize| {
        let path = paths.get(case).and_then(Option::as_ref);
        let path = path.ok_or("the module looks at an image, and the row has none")?;
        let image = open_checked(&folder.join(path), wanted)?;
        check_plane(&image, wanted)?;
        let hash = Owners::hash(image.values.iter().copied());
        Ok::<_, String>((hash, tensor(&image, &manifest.preprocess)?))
    };
    let mut owners = Owners::default();
    let mut problems = Vec::new();
    let all: Vec<usize> = (0..cases.len()).collect();
    for part in all.chunks(AT_ONCE) {
        let opened: Vec<_> = part.par_iter().map(|&case| one(case)).collect();
        for (&case, found) in part.iter().zip(opened) {
            let claimed = found.and_then(|(hash, tensor)| {
                owners.claim(hash, &cases.patients[case], cases.lines[case]).map(|()| tensor)
            });
            match claimed {
                Ok(tensor) => take(case, tensor),
                Err(what) => problems.push(Problem::cell(cases.lines[case], &input.column, what)),
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}
