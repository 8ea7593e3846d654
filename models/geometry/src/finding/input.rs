//! Findings about what was given: files, series, radiographs and labels of other programs.

use super::{Subject, Subject::*};
use crate::Unit;

findings! {
    LocalizersDropped { count: usize } => LocalizersDropped, Note, Series,
        "Localiser images ignored: {count}.";
    LossyCompression {} => LossyCompression, Caution, Series,
        "The images were stored with lossy compression: Hounsfield values and edges are less accurate.";
    NoRescale {} => NoRescale, Caution, Series,
        "The slices have neither rescale slope nor intercept; stored values were taken as Hounsfield units.";
    NotHounsfield { unit: String } => NotHounsfield, Caution, Series,
        "The values of the series are in {unit}, not in Hounsfield units. Export the CT in Hounsfield units.";
    NoIntercept {} => NoIntercept, Caution, Series,
        "The slices have a rescale slope but no rescale intercept. An intercept of 0 was assumed; scanners usually write -1024. Check \
         that air is near -1000 HU and water near 0 HU, or export the series again.";
    SeriesMixed { what: String, values: String } => SeriesMixed, Caution, Series,
        "The slices of this series differ in {what} ({values}). Hounsfield values may not be comparable between them.";
    SlicesBefore { first: usize, count: usize, end: String } => SlicesNotGiven, Note, Series,
        "Slice numbers start at {first}: {count} slices may be missing at {end} of the scan. Load the complete series if the hip extends there.";
    SlicesFewer { said: usize, count: usize } => SlicesNotGiven, Note, Series,
        "The header announces {said} images; {count} of them are not among these files. Load the complete series if the hip extends \
         there.";
    PatientUnstated { count: usize } => PatientUnstated, Note, Series,
        "Slices without patient name or ID, although others have one: {count}. They were assumed to be of the same patient.";
    DuplicateSlices { count: usize } => DuplicateSlices, Note, Series,
        "Duplicate slices: {count}; one of each was used.";
    FilesWithoutPixels { count: usize } => FilesWithoutPixels, Note, Series,
        "DICOM files without pixel data, ignored: {count}.";
    OtherSeries { count: usize } => OtherSeries, Note, Series,
        "Series other than the CT, ignored: {count}.";
    UnevenSlices { off_mm: f64, limit_mm: f64 } => UnevenSlices, Note, Series,
        "Slice positions deviate from even spacing by up to {off_mm:.3} mm; even spacing was assumed.",
        number off_mm against limit_mm in Unit::Millimetre, source "a tenth of the slice distance";
    GantryTiltCorrected { tilt_deg: f64 } => GantryTiltCorrected, Note, Series,
        "The gantry was tilted by {tilt_deg:.1}\u{b0}; it was corrected by shearing the volume, with linear interpolation within the slices.",
        number tilt_deg in Unit::Degree;
    FileSetAside { file: String } => FilesSetAside, Caution, Series,
        "One file could not be read and was ignored, because nothing shows that it belongs to this series: {file}.";
    FilesSetAside { count: usize, files: String } => FilesSetAside, Caution, Series,
        "{count} files could not be read and were ignored, because nothing shows that they belong to this series: {files}.";

    ValuesNotHounsfield {
        least: i16, most: i16, dark_percent: f64, limit_percent: f64, fat_hu: i16, guess: String,
    } => ValuesNotHounsfield, Caution, Input,
        "The values do not look like Hounsfield units: they range from {least} to {most}, and only {dark_percent:.2} % of the voxels are \
         below {fat_hu} HU, the range of fat and air.{guess} Export the CT again with the scanner's own values.",
        number dark_percent against limit_percent in Unit::Percent, source "every section through a body contains more fat than this";
    ValuesTooBright { percent: f64, limit_percent: f64, bright_hu: i16 } => ValuesNotHounsfield, Caution, Input,
        "{percent:.1} % of the voxels are above {bright_hu} HU, denser than any bone: negative values were probably read as large \
         positive ones, as with a wrong Pixel Representation. Export the series again.",
        number percent against limit_percent in Unit::Percent, source "only metal and enamel are so dense; the fraction is an assumption of this program";
    NiftiUnitMissing {} => NiftiUnitMissing, Note, Input,
        "The file does not state its unit of length; millimetres were assumed.";
    NiftiFormsTurned { apart_mm: f64, limit_mm: f64 } => NiftiFormsDisagree, Caution, Input,
        "The two orientations in the file (sform and qform) differ by a rotation; the sform was used. Check left and right in the \
         pictures.",
        number apart_mm against limit_mm in Unit::Millimetre, source "largest distance between corners";
    NiftiFormsShifted { apart_mm: f64, limit_mm: f64 } => NiftiFormsDisagree, Note, Input,
        "The two positions in the file (sform and qform) differ; the sform was used. Other programs may show the patient at another \
         position.",
        number apart_mm against limit_mm in Unit::Millimetre, source "largest distance between corners";
    CtMissingVoxels { count: usize, set_hu: i16 } => CtMissingVoxels, Caution, Input,
        "Voxels whose value is not a number (NaN): {count}; they were set to {set_hu} HU (air).";
    CtSaturatedVoxels { count: usize, least_hu: i16, most_hu: i16 } => CtSaturatedVoxels, Caution, Input,
        "Voxels outside the range of {least_hu} to {most_hu} HU: {count}; they were set to the nearer limit. Check that the file contains \
         Hounsfield units.";

    ColourRadiograph {} => ColourRadiograph, Note, Radiograph,
        "The radiograph is stored in colour; only its brightness (luma, ITU-R BT.601) was used.";
    MagnificationApplied {} => MagnificationApplied, Note, Radiograph,
        "The pixel spacing at the detector was divided by the estimated magnification stated in the file.";
    SpacingAtDetector {} => SpacingAtDetector, Caution, Radiograph,
        "The pixel spacing is that of the detector: the anatomy is magnified, typically by a factor of 1.15 to 1.25 at the hip. Lengths need a \
         calibration marker.";
    SpacingUnstated {} => SpacingUnstated, Caution, Radiograph,
        "The file does not state whether its pixel spacing applies at the detector or in the patient. Lengths need a calibration marker.";
    NoSpacing {} => NoSpacing, Caution, Radiograph,
        "The file has no pixel spacing; lengths cannot be measured.";

    RegionsOverlap { voxels: usize } => SegmentsOverlap, Caution, Labels,
        "Voxels in several regions: {voxels}; each was assigned to the first region.";
    SegmentsOverlap { voxels: usize } => SegmentsOverlap, Caution, Labels,
        "Voxels in several segments: {voxels}; each was assigned to the lowest segment number.";
    OpenContours { count: usize } => OpenContours, Note, Labels,
        "Points and open contours ignored: {count}.";
    ContoursOutside { count: usize } => ContoursOutside, Caution, Labels,
        "Contours outside the CT, ignored: {count}.";
    FractionalSegments {} => FractionalSegments, Note, Labels,
        "The segmentation is fractional; voxels with a value of at least one half were used.";
    SegmentsRenumbered {} => SegmentsRenumbered, Note, Labels,
        "Segment numbers above 255 were renumbered.";
    LabelsResampled { labels_grid: String, ct_grid: String } => LabelsResampled, Note, Labels,
        "The grid of the labels ({labels_grid}) differs from that of the CT ({ct_grid}); each voxel was assigned the nearest label.";
    LabelsOutsideCt { outside_percent: f64 } => LabelsOutsideCt, Caution, Labels,
        "{outside_percent:.0} % of the labelled volume is outside the CT and was ignored.";
    LabelsLeftOut { labels: String } => LabelsLeftOut, Note, Labels,
        "Labels not needed for planning were ignored: {labels}.";
    LabelsJoined { structure: Subject, count: usize, labels: String } => LabelsJoined, Note, structure,
        "{count} labels were merged: {labels}.";
}
