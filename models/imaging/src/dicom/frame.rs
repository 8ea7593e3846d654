//! The attributes of single frames, which enhanced multi-frame objects keep in nested groups.

use super::attributes::Attributes;
use super::file::DicomFile;
use super::stack::Plane;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

/// The attributes of one frame: its own functional groups, the shared ones, then the data set itself.
pub(crate) struct FrameAttributes<'a> {
    levels: Vec<&'a InMemDicomObject>,
}

impl<'a> FrameAttributes<'a> {
    /// Of one frame of a file, counted from 0.
    pub(crate) fn of(file: &'a DicomFile, frame: usize) -> Self {
        let own = file.object.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(frame);
        let shared = file.object.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
        FrameAttributes { levels: own.into_iter().chain(shared).chain([&file.object]).collect() }
    }

    /// The first level at which the macro, or else the data set, has the element.
    pub(crate) fn find(&self, group: Tag, tag: Tag) -> Option<&'a InMemDicomObject> {
        let within = |level: &&'a InMemDicomObject| level.item(group).filter(|item| item.get(tag).is_some());
        self.levels.iter().find_map(within).or_else(|| {
            // Only the last level is a data set of its own.
            self.levels.last().copied().filter(|object| object.get(tag).is_some())
        })
    }

    fn array<const N: usize>(&self, group: Tag, tag: Tag) -> Option<[f64; N]> {
        self.find(group, tag)?.array(tag)
    }

    /// Where the frame lies; the error says what is wrong.
    pub(crate) fn plane(&self) -> Result<Plane, &'static str> {
        Plane::new(
            self.array(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT),
            self.array(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT),
            self.array(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING),
        )
    }

    /// The rescale macro that has the element.
    pub(crate) fn rescale(&self, tag: Tag) -> Option<&'a InMemDicomObject> {
        self.find(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tag)
    }
}
