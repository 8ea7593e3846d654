//! Findings about what was given: files, series, radiographs and labels of other programs.

use super::{Subject, Subject::*};
use crate::Unit;

findings! {
    LocalizersDropped { count: usize } => LocalizersDropped, Note, Series,
        "{count} localizer images were left aside.";
    LossyCompression {} => LossyCompression, Caution, Series,
        "The images were compressed with loss; Hounsfield values and edges are less exact.";
    NoRescale {} => NoRescale, Caution, Series,
        "Slices have no rescale slope and intercept; stored values were taken as Hounsfield units.";
    NotHounsfield { unit: String } => NotHounsfield, Caution, Series,
        "The series gives its values in {unit}, not in Hounsfield units.";
    NoIntercept {} => NoIntercept, Caution, Series,
        "Slices have a rescale slope but no rescale intercept; 0 was taken, and scanners usually give -1024. Check that air is near \
         -1000 and water near 0, or export the series anew.";
    SeriesMixed { what: String, values: String } => SeriesMixed, Caution, Series,
        "The slices of this series differ in {what} ({values}): what is measured in Hounsfield units may differ between them.";
    SlicesBefore { first: usize, count: usize, end: String } => SlicesNotGiven, Note, Series,
        "The slices are numbered from {first} on: {count} at {end} may be missing. Give the whole series where the hip lies there.";
    SlicesFewer { said: usize, count: usize } => SlicesNotGiven, Note, Series,
        "By its header the scan has {said} images; {count} of them are not among these files. Give the whole series where the hip lies there.";
    PatientUnstated { count: usize } => PatientUnstated, Note, Series,
        "{count} slices name no patient while others do; they were taken as the same one's.";
    DuplicateSlices { count: usize } => DuplicateSlices, Note, Series,
        "{count} slices are there twice; one of each was used.";
    FilesWithoutPixels { count: usize } => FilesWithoutPixels, Note, Series,
        "{count} DICOM files without pixel data were left aside.";
    OtherSeries { count: usize } => OtherSeries, Note, Series,
        "{count} other series beside the CT were left aside.";
    UnevenSlices { off_mm: f64, limit_mm: f64 } => UnevenSlices, Note, Series,
        "Slices lie up to {off_mm:.3} mm off an even stack; they were taken as even.",
        number off_mm against limit_mm in Unit::Millimetre, source "a tenth of the slice distance";
    GantryTiltCorrected { tilt_deg: f64 } => GantryTiltCorrected, Note, Series,
        "The slices are tilted by {tilt_deg:.1}\u{b0} against the table (gantry tilt); the volume was sheared upright by linear \
         interpolation within the slices.",
        number tilt_deg in Unit::Degree;
    FileSetAside { file: String } => FilesSetAside, Caution, Series,
        "One file could not be read and was set aside, because nothing shows that it belongs to this series: {file}.";
    FilesSetAside { count: usize, files: String } => FilesSetAside, Caution, Series,
        "{count} files could not be read and were set aside, because nothing shows that they belong to this series: {files}.";

    ValuesNotHounsfield {
        least: i16, most: i16, dark_percent: f64, limit_percent: f64, fat_hu: i16, guess: String,
    } => ValuesNotHounsfield, Caution, Input,
        "The values do not look like Hounsfield units: they run from {least} to {most}, and {dark_percent:.2}% of the voxels lie \
         below {fat_hu}, where fat and air are.{guess} Give the CT with its values as the scanner made them.",
        number dark_percent against limit_percent in Unit::Percent, source "a body holds more fat than this wherever it is cut";
    ValuesTooBright { percent: f64, limit_percent: f64, bright_hu: i16 } => ValuesNotHounsfield, Caution, Input,
        "{percent:.1}% of the voxels lie above {bright_hu} HU, denser than any bone: negative values seem to have been read as large \
         ones, as with a wrong Pixel Representation. Export the series anew.",
        number percent against limit_percent in Unit::Percent, source "only metal and enamel are so dense; the share is an assumption of this program";
    NiftiUnitMissing {} => NiftiUnitMissing, Note, Input,
        "The file does not name its unit of length; millimetres are assumed.";
    NiftiFormsTurned { apart_mm: f64, limit_mm: f64 } => NiftiFormsDisagree, Caution, Input,
        "The two orientations in the file (sform and qform) differ; the sform was used. They turn the volume differently: check \
         left and right on the pictures.",
        number apart_mm against limit_mm in Unit::Millimetre, source "largest distance between corners";
    NiftiFormsShifted { apart_mm: f64, limit_mm: f64 } => NiftiFormsDisagree, Note, Input,
        "The two orientations in the file (sform and qform) differ; the sform was used. Other programs may show the patient \
         elsewhere.",
        number apart_mm against limit_mm in Unit::Millimetre, source "largest distance between corners";
    CtMissingVoxels { count: usize, set_hu: i16 } => CtMissingVoxels, Caution, Input,
        "{count} voxels are not a number; they were set to {set_hu} HU (air).";
    CtSaturatedVoxels { count: usize, least_hu: i16, most_hu: i16 } => CtSaturatedVoxels, Caution, Input,
        "{count} voxels lie outside {least_hu} to {most_hu} HU and were set to the nearer limit; check that the file holds \
         Hounsfield units.";

    ColourRadiograph {} => ColourRadiograph, Note, Radiograph,
        "The radiograph is stored in colour; its luma (ITU-R BT.601) was used.";
    MagnificationApplied {} => MagnificationApplied, Note, Radiograph,
        "Pixel spacing at the detector was divided by the magnification that the file estimates.";
    SpacingAtDetector {} => SpacingAtDetector, Caution, Radiograph,
        "Pixel spacing is measured at the detector; the anatomy is magnified (typically by 1.15 to 1.25 at the hip), so lengths \
         need a calibration marker.";
    SpacingUnstated {} => SpacingUnstated, Caution, Radiograph,
        "The file does not say what its pixel spacing is measured at; lengths need a calibration marker.";
    NoSpacing {} => NoSpacing, Caution, Radiograph,
        "The file has no pixel spacing; lengths cannot be measured.";

    RegionsOverlap { voxels: usize } => SegmentsOverlap, Caution, Labels,
        "{voxels} voxels belong to several regions; each was given to the first.";
    SegmentsOverlap { voxels: usize } => SegmentsOverlap, Caution, Labels,
        "{voxels} voxels belong to several segments; each was given to the one of lowest number.";
    OpenContours { count: usize } => OpenContours, Note, Labels,
        "{count} points and open contours were left aside.";
    ContoursOutside { count: usize } => ContoursOutside, Caution, Labels,
        "{count} contours lie outside the CT.";
    FractionalSegments {} => FractionalSegments, Note, Labels,
        "The segmentation holds fractions; voxels of one half and more were taken.";
    SegmentsRenumbered {} => SegmentsRenumbered, Note, Labels,
        "Segment numbers beyond 255 were renumbered.";
    LabelsResampled { labels_grid: String, ct_grid: String } => LabelsResampled, Note, Labels,
        "The labels lie on another grid ({labels_grid}) than the CT ({ct_grid}); each voxel was given the nearest label.";
    LabelsOutsideCt { outside_percent: f64 } => LabelsOutsideCt, Caution, Labels,
        "{outside_percent:.0} % of the labels' volume lie outside the CT and were left out.";
    LabelsLeftOut { labels: String } => LabelsLeftOut, Note, Labels,
        "Labels that planning does not use were left out: {labels}.";
    LabelsJoined { structure: Subject, count: usize, labels: String } => LabelsJoined, Note, structure,
        "{count} labels were joined: {labels}.";
}
