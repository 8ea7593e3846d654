# Findings, in English. Written by `cargo run -p coxa-geometry --example tables` from the rows in models/geometry/src/finding/:
# change the text there. A translation has the same names, and need not use every argument. It may
# choose its words by $side, which is left or right.

## input

finding-localizers-dropped = Localiser images ignored: { $count }.
finding-lossy-compression = The images were stored with lossy compression: Hounsfield values and edges are less accurate.
finding-no-rescale = The slices have neither rescale slope nor intercept; stored values were taken as Hounsfield units.
finding-not-hounsfield = The values of the series are in { WORD($unit) }, not in Hounsfield units. Export the CT in Hounsfield units.
finding-no-intercept = The slices have a rescale slope but no rescale intercept. An intercept of 0 was assumed; scanners usually write -1024. Check that air is near -1000 HU and water near 0 HU, or export the series again.
finding-series-mixed = The slices of this series differ in { WORD($what) } ({ WORD($values) }). Hounsfield values may not be comparable between them.
finding-slices-before = Slice numbers start at { $first }: { $count } slices may be missing at { WORD($end) } of the scan. Load the complete series if the hip extends there.
finding-slices-fewer = The header announces { $said } images; { $count } of them are not among these files. Load the complete series if the hip extends there.
finding-patient-unstated = Slices without patient name or ID, although others have one: { $count }. They were assumed to be of the same patient.
finding-duplicate-slices = Duplicate slices: { $count }; one of each was used.
finding-files-without-pixels = DICOM files without pixel data, ignored: { $count }.
finding-other-series = Series other than the CT, ignored: { $count }.
finding-uneven-slices = Slice positions deviate from even spacing by up to { NUMBER($off_mm, minimumFractionDigits: 3, maximumFractionDigits: 3) } mm; even spacing was assumed.
finding-gantry-tilt-corrected = The gantry was tilted by { NUMBER($tilt_deg, minimumFractionDigits: 1, maximumFractionDigits: 1) }°; it was corrected by shearing the volume, with linear interpolation within the slices.
finding-file-set-aside = One file could not be read and was ignored, because nothing shows that it belongs to this series: { WORD($file) }.
finding-files-set-aside = { $count } files could not be read and were ignored, because nothing shows that they belong to this series: { WORD($files) }.
finding-values-not-hounsfield = The values do not look like Hounsfield units: they range from { $least } to { $most }, and only { NUMBER($dark_percent, minimumFractionDigits: 2, maximumFractionDigits: 2) } % of the voxels are below { $fat_hu } HU, the range of fat and air.{ WORD($guess) } Export the CT again with the scanner's own values.
finding-values-too-bright = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } % of the voxels are above { $bright_hu } HU, denser than any bone: negative values were probably read as large positive ones, as with a wrong Pixel Representation. Export the series again.
finding-nifti-unit-missing = The file does not state its unit of length; millimetres were assumed.
finding-nifti-forms-turned = The two orientations in the file (sform and qform) differ by a rotation; the sform was used. Check left and right in the pictures.
finding-nifti-forms-shifted = The two positions in the file (sform and qform) differ; the sform was used. Other programs may show the patient at another position.
finding-ct-missing-voxels = Voxels whose value is not a number (NaN): { $count }; they were set to { $set_hu } HU (air).
finding-ct-saturated-voxels = Voxels outside the range of { $least_hu } to { $most_hu } HU: { $count }; they were set to the nearer limit. Check that the file contains Hounsfield units.
finding-colour-radiograph = The radiograph is stored in colour; only its brightness (luma, ITU-R BT.601) was used.
finding-magnification-applied = The pixel spacing at the detector was divided by the estimated magnification stated in the file.
finding-spacing-at-detector = The pixel spacing is that of the detector: the anatomy is magnified, typically by a factor of 1.15 to 1.25 at the hip. Lengths need a calibration marker.
finding-spacing-unstated = The file does not state whether its pixel spacing applies at the detector or in the patient. Lengths need a calibration marker.
finding-no-spacing = The file has no pixel spacing; lengths cannot be measured.
finding-regions-overlap = Voxels in several regions: { $voxels }; each was assigned to the first region.
finding-segments-overlap = Voxels in several segments: { $voxels }; each was assigned to the lowest segment number.
finding-open-contours = Points and open contours ignored: { $count }.
finding-contours-outside = Contours outside the CT, ignored: { $count }.
finding-fractional-segments = The segmentation is fractional; voxels with a value of at least one half were used.
finding-segments-renumbered = Segment numbers above 255 were renumbered.
finding-labels-resampled = The grid of the labels ({ WORD($labels_grid) }) differs from that of the CT ({ WORD($ct_grid) }); each voxel was assigned the nearest label.
finding-labels-outside-ct = { NUMBER($outside_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % of the labelled volume is outside the CT and was ignored.
finding-labels-left-out = Labels not needed for planning were ignored: { WORD($labels) }.
finding-labels-joined = { $count } labels were merged: { WORD($labels) }.

## scan

finding-low-resolution = Voxels of { NUMBER($voxel_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm blur thin cortex and the joint space: bone surfaces are accurate only to about 1 mm.
finding-streaks-reduced = Metal artefacts were reduced in { $slices } slices (between { $first } and { $last } of { $count }) before segmentation; densities are those of the original CT.
finding-streaks-not-reduced = Metal artefacts could not be reduced before segmentation, because the slices are not axial or their pixels are not square: bones and muscles near metal are less accurate.
finding-scan-turned = The scan is { WORD($how) }: the hips do not lie as the header says. Correct the orientation in the header, or export the scan again; nothing was segmented. Check left and right as well: the bones do not show whether left and right are exchanged.
finding-labels-turned = According to its labels, the scan is { WORD($how) }. Check the labels before planning: either the header is wrong, or they mistake something else for bone.
finding-sides-exchanged = Labels and scan header disagree on left and right. Find out which is correct before planning: correct the header, or rename the labels with --label-mapping.
finding-liver-on-the-left = The thickest solid organ above the pelvis is on the left of this scan ({ NUMBER($thickness_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm; on the right { NUMBER($other_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm). If it is the liver, the scan has left and right exchanged, or the patient has situs inversus. Find out which before planning.
finding-hips-not-found = No femoral head was recognised: none in the scan is round and mostly complete, or metal hides it. Check that the scan is a CT of the hip and that its orientation is correct.
finding-hips-of-a-child = The femoral heads are smaller than those of adults: either the patient is a child, for whom this program is not intended, or the voxel size in the header is too small. Nothing was segmented.
finding-head-not-found = The { WORD($side) } femoral head was not recognised; the { WORD($side) } joint was separated at the mirrored position of the other head. Check the labels before measuring on this side.
finding-hip-missing = The { WORD($side) } hip joint is not in the scan.
finding-hip-not-recognised = The scan covers the expected position of the { WORD($side) } hip joint, but no femoral head was recognised there: it may be destroyed, replaced, dislocated or absent. Nothing was measured on this side.
finding-metal-in-femur = There are { NUMBER($volume_ml, minimumFractionDigits: 1, maximumFractionDigits: 1) } ml of metal in or at the { WORD($side) } femur. Artefacts hide the bone around it; its segmentation is unreliable.
finding-metal-in-femur-refuses = There is metal in the { WORD($side) } hip: bone and canal around it cannot be measured, so this hip is not planned.
finding-metal-at-joint = There are { NUMBER($volume_ml, minimumFractionDigits: 1, maximumFractionDigits: 1) } ml of metal at the { WORD($side) } hip joint. Artefacts hide the bone around it; its segmentation is unreliable.
finding-metal-at-joint-refuses = There is metal in the { WORD($side) } hip: bone and canal around it cannot be measured, so this hip is not planned.
finding-metal-in-pelvis = There are { NUMBER($volume_ml, minimumFractionDigits: 1, maximumFractionDigits: 1) } ml of metal in the pelvis on the { WORD($side) }. Artefacts hide the bone around it; its segmentation is unreliable.
finding-bone-cut-off = The { WORD($name) } is truncated at the { WORD($end) } of the scan (cut area { NUMBER($area_cm2, minimumFractionDigits: 0, maximumFractionDigits: 0) } cm²).
finding-femoral-shaft-cut-off = The { WORD($side) } femur is truncated at the { WORD($end) } of the scan (cut area { NUMBER($area_cm2, minimumFractionDigits: 0, maximumFractionDigits: 0) } cm²).
finding-sacrum-top-uncertain = The lumbosacral disc was not recognised; the upper end of the sacrum is an estimate.
finding-muscles-without-network = Muscles were segmented with the atlas alone: { WORD($error) }.
finding-muscles-not-found = Muscles on the { WORD($side) } were not segmented: { WORD($reason) }.
finding-muscles-doubtful = Labels of muscles on the { WORD($side) } are doubtful: { WORD($muscles) }. The ways of finding them agree so little that a Dice below { NUMBER($least, minimumFractionDigits: 1, maximumFractionDigits: 1) } is expected, as where a muscle is wasted, replaced by fat, or unlike the atlas, or where the scan shows one side alone. Check these labels before you use them.

## anatomy

finding-femur-not-completed = The femur is truncated and could not be completed, because the shape model does not fit the part in the scan. Deformity, metal or a poor segmentation may be the reason.
finding-pelvis-completed = The scan does not show the { WORD($landmarks) }. { WORD($obtained_by) } The anterior pelvic plane, and cup angles relative to it, are accurate to { NUMBER($tilt_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° of tilt and { NUMBER($turn_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° of rotation.
finding-pelvis-not-completed = The pelvis is truncated and could not be completed, because the shape model does not fit the part in the scan. Landmarks outside the scan are missing. Deformity, metal or a poor segmentation may be the reason.
finding-not-supine = The pelvis is tilted far relative to the scanner, so the table does not define a supine functional plane. Use angles relative to the anterior pelvic plane.
finding-leg-length-completed = The leg length difference is accurate only to { NUMBER($spread_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm: { WORD($which) } not in the scan, but predicted by a shape model.
finding-femoral-head-small = The { WORD($side) } femoral head is smaller than those of adults: either the patient is a child, for whom this program is not intended, or the head is deformed, or the voxel size in the header is too small.
finding-femoral-head-small-refuses = The { WORD($side) } femoral head is smaller than those of adults. The implants are made for adult bone, so this hip is not planned. If the patient is an adult, check the voxel size in the header and the shape of the head.
finding-femoral-head-cut = The { WORD($side) } femoral head is truncated by the scan: its sphere is fitted to { NUMBER($seen_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % of a full sphere's surface, instead of about half for a complete head. Centre and diameter are less accurate than usual.
finding-femoral-head-cut-refuses = The { WORD($side) } femoral head is truncated by the scan: hip centre, leg length and offset would be based on a part of it, so this hip is not planned. Scan the complete joint.
finding-joint-not-concentric = Femoral head and acetabulum are not concentric: the joint is subluxed or deformed, or the bones were not separated well. Check the segmentation before using the plan.
finding-joint-space-lost = Minimum joint space below { NUMBER($limit_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm.
finding-joint-space-narrowed = Minimum joint space below { NUMBER($limit_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm: the joint space is narrowed.
finding-hip-subluxated = The femoral head has migrated proximally out of the acetabulum: Crowe grade { $grade } is the most likely ({ NUMBER($likely_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } %).
finding-osteoarthritis = Osteoarthritis: Kellgren-Lawrence grade { $grade } is the most likely ({ NUMBER($likely_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } %), according to a model of joint space, osteophytes and subchondral bone that was trained only on virtual patients.

## placement

finding-hip-bone-missing = The hip bone of this side is not in the segmentation: no cup can be planned.
finding-hip-bone-unusable = The surface of the hip bone is unusable: { WORD($defect) }.
finding-pelvis-cut-off = The pelvis is truncated: the { WORD($side) } { WORD($landmark) } is not in the scan and could not be completed, so cup position and pelvic reference frame cannot be checked.
finding-acetabulum-incomplete = No sphere could be fitted to the acetabulum: it is incomplete in the scan, or too deformed for this program.
finding-femur-missing = The femur of this side is not in the segmentation: no stem can be planned.
finding-femoral-head-missing = No sphere could be fitted to the femoral head of this side: the native hip centre is unknown.
finding-femoral-neck-missing = The femoral neck was not found: the femur is truncated in the scan, or too deformed for this program.
finding-other-side = The plan is for the { WORD($planned) } hip, but the { WORD($asked) } hip was requested.
finding-not-in-catalogue = { WORD($error) }.
finding-no-head-fits = No head fits the { WORD($liner) } liner in a { $shell_mm } mm shell: choose another liner or shell.
finding-canal-too-narrow = Even the smallest { WORD($stem) } stem is too large for the canal: choose another stem family.
finding-acetabulum-too-large = The acetabulum needs a larger cup than this family has: choose another cup family.
finding-acetabulum-too-small = The smallest cup of this family is too large for this acetabulum: reaming for it would remove too much bone. Choose another cup family.
finding-cup-off-bone = The shell has no contact with the hip bone: correct the centre of the cup (cup.centre_mm).
finding-cup-far-from-acetabulum = The centre of the cup (cup.centre_mm) is far from the acetabulum: correct it.
finding-stem-off-bone = The stem is outside the femur: correct its position (stem.origin_mm) and direction (stem.axis).
finding-head-out-of-socket = The { WORD($side) } femoral head is off the centre of the acetabulum: the plan moves the hip centre towards the acetabulum.
finding-shell-size-off = The shell differs by more than one size from that expected after reaming this acetabulum. If no closer size is in stock, order one.
finding-head-risen = The { WORD($side) } femoral head is { NUMBER($risen_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm higher than the other one. The plan mirrors the hip centre of the other side and the planned centre lies { NUMBER($left_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm above it. Check that the planned centre lies in the true acetabulum, and how much lengthening the sciatic nerve allows.
finding-head-inwards = Protrusio: the { WORD($side) } femoral head lies { NUMBER($inwards_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm further medial than the other one. The plan mirrors the hip centre of the other side, and the planned centre lies { NUMBER($left_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm medial to it. The shell needs rim fixation, and graft behind it.
finding-hip-centre-moved-for = The hip centre was moved to gain bone coverage: at the native centre { NUMBER($coverage_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % of the shell would be covered by bone, with a medial wall of { NUMBER($wall_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm.
finding-standing-tilt-unknown = The standing pelvic tilt is unknown; the supine tilt is used instead. Each degree of posterior tilt on standing increases cup anteversion by about 0.7°. Measure it on a standing lateral radiograph and give it to coxa plan as --standing-tilt, or write it as standing_tilt_deg in plan.toml.
finding-spine-stiff = The spine is stiff, which raises the risk of dislocation (first year: 1.5 % without fusion, 3.0 % with one or two fused levels, 4.1 % with more). The plan has more anteversion; consider dual mobility, and confirm the stiffness on a flexed-seated view, because upright sitting overestimates it.
finding-wall-not-measurable = The acetabulum is open { WORD($place) } the cup: there is no wall to measure.
finding-anterior-pelvic-plane-missing = The anterior pelvic plane is unknown, so Lewinnek's zone cannot be assessed.
finding-functional-plane-missing = The pelvic landmarks for the functional plane were not found: cup angles are relative to the axes of the scanner.
finding-femur-cut-off = The femur is truncated above its shaft: the shaft axis is estimated from the part in the scan, so stem position, alignment, offset and version are only provisional. Scan the femur to below the lesser trochanter.
finding-femur-cut-off-completed = The femur is truncated above its shaft. { WORD($obtained_by) }: shaft axis ± { NUMBER($axis_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°, femoral version ± { NUMBER($version_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°, so stem position, alignment, offset and version are only provisional. Scan the femur to below the lesser trochanter.
finding-shaft-axis-uncertain = Only a short part of the shaft is in the scan: stem alignment, offset and version are less accurate than usual.
finding-stem-size-unknown = The medullary canal is not visible: the stem has the middle size of its family, and its size must be chosen by other means.
finding-canal-not-compared = The canal is not visible along the stem: the stem size was not checked.
finding-canal-not-seen-below = The scan ends above the tip of the stem: the stem size is based on the visible part, and the canal below may be narrower.
finding-condyles-not-seen = The femoral condyles are not in the scan: the stem follows the version of the native neck, and femoral version and stem version relative to the condyles are unknown. To measure version, scan the condyles of both knees in the same session without moving the legs.
finding-condyles-completed = The femoral condyles are not in the scan: the stem follows the version of the native neck, and femoral version and stem version relative to the condyles are predicted, not measured (± { NUMBER($version_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°, one standard deviation): too uncertain to distinguish a retroverted femur from an anteverted one. To measure version, scan the condyles of both knees in the same session without moving the legs. { WORD($obtained_by) }.
finding-lesser-trochanter-not-seen = The lesser trochanter was not found: the resection level was set from the femoral neck.
finding-other-side-not-measurable = Leg length and offset could not be compared with the other side: the plan uses the targets given or, without them, the native values.
finding-version-against-table = Stem version is relative to the scanner table, so it includes any rotation of the leg on the table.
finding-skirted-head = This head has a skirt, which reduces range of motion.
finding-screw-anterior = The { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm screw in hole { $hole } points into the { WORD($quadrant) } quadrant, near { WORD($danger) }.
finding-screw-long = The { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm screw in hole { $hole } is long for the posterior-inferior quadrant, near the sciatic nerve.
finding-screw-beyond-cortex = The { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm screw in hole { $hole } penetrates the cortex: the longest screw that stays in bone there is { NUMBER($longest_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm.
finding-no-screw-stays-in-bone = The { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm screw in hole { $hole } penetrates the cortex: no screw stays in bone there.
finding-screw-purchase-short = The { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm screw in hole { $hole } has little purchase in bone.
finding-screw-near-vessel = The { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm screw in hole { $hole } comes close to a labelled iliac vessel.

## limits

finding-cup-coverage-low = Bone coverage of the cup is low: medialise it, change its size, or plan augmentation.
finding-medial-wall-thin = The residual medial wall is thin.
finding-anterior-wall-thin = The residual anterior wall is thin.
finding-posterior-wall-thin = The residual posterior wall is thin.
finding-cup-near-vessel = The shell comes close to a labelled iliac vessel.
finding-cup-uncovered-laterally = The cup is uncovered laterally.
finding-rim-overhang = The anterior rim of the cup is prominent: risk of iliopsoas irritation.
finding-cup-inclination-outside = Cup inclination is outside the recommended range.
finding-cup-anteversion-outside = Cup anteversion is outside the recommended range.
finding-hip-centre-high = The planned hip centre is too high or too low.
finding-hip-centre-moved = The planned hip centre differs in height from the native one.
finding-hip-centre-shifted = The planned hip centre is displaced medially or laterally from the native one.
finding-combined-anteversion = The combined anteversion of cup and stem is outside the recommended range.
finding-leg-length-difference = The planned leg length difference is large enough for patients to notice.
finding-leg-length-differs-slightly = A small leg length difference is planned.
finding-leg-length-change = The leg is lengthened by more than the sciatic nerve may tolerate, or shortened too much.
finding-offset-change = Global offset changes considerably: the abductors lose tension, or the tissues over the trochanter are under tension.
finding-offset-short = Global offset is smaller than on the other side: the abductors lose tension.
finding-offset-long = Global offset is larger than on the other side.
finding-femur-shifted = The femur moves anteriorly or posteriorly on reduction.
finding-stem-undersized = Canal fill is low in the visible part of the canal.
finding-stem-oversized = The stem reaches into the cortex: choose a smaller size, or ream.
finding-cortex-thin = The residual cortex beside the stem is thin.
finding-stem-malaligned = The stem is in varus or valgus.
finding-stem-tilted = The stem is in flexion or extension.
finding-stem-turned = The stem is rotated from the native version. A straight stem may not turn that far in the canal; a conical or modular one can.
finding-stem-version = Stem version is outside the usual range.
finding-resection-level = The neck resection level is unusual.
finding-cup-inclination-outside-lewinnek = Cup inclination relative to the anterior pelvic plane is outside Lewinnek's zone.
finding-cup-anteversion-outside-lewinnek = Cup anteversion relative to the anterior pelvic plane is outside Lewinnek's zone.
finding-lewinnek-not-judged = The anterior pelvic plane is too uncertain in this scan to assess Lewinnek's zone.
finding-combined-anteversion-not-judged = The combined anteversion is too uncertain in this scan to assess against its range of { $least } to { $most }°.
finding-leg-length-difference-planned-not-judged = The planned leg length difference is too uncertain in this scan to assess against its range of { $least } to { $most } mm.
finding-leg-length-change-not-judged = The leg length change is too uncertain in this scan to assess against its range of { $least } to { $most } mm.
finding-offset-change-not-judged = The offset change is too uncertain in this scan to assess against its range of { $least } to { $most } mm.
finding-stem-varus-not-judged = The varus angle of the stem is too uncertain in this scan to assess against its range of { $least } to { $most }°.
finding-stem-flexion-not-judged = The flexion angle of the stem is too uncertain in this scan to assess against its range of { $least } to { $most }°.
finding-stem-version-not-judged = The stem version is too uncertain in this scan to assess against its range of { $least } to { $most }°.

## motion

finding-motion-not-simulated = Range of motion could not be simulated: { WORD($error) }.
finding-blocked-at-neutral = The joint is in contact ({ WORD($pair) }) in the neutral position. Check the bones in the slices: bones that are not separated in the labels overlap. Otherwise move the cup or the stem.
finding-no-map-from-neutral = The joint is in contact ({ WORD($pair) }) in the neutral position: no position can be reached, so no map was made. Check the bones in the slices: bones that are not separated in the labels overlap. Otherwise move the cup or the stem.
finding-femur-cut = The femur in the scan ends above the tip of the stem, so the stem is modelled without surrounding bone below: impingement may occur earlier than computed.
finding-motion-short = In { WORD($motion) } ({ WORD($posture) }), { WORD($cause) } impingement occurs before the required range is reached, by more than the measurement uncertainty{ WORD($spread) }. Review cup orientation, stem version, head size and offset.
finding-motion-undecided = In { WORD($motion) } ({ WORD($posture) }), { WORD($cause) } impingement occurs near the limit of the required range, within measurement uncertainty{ WORD($spread) }: it cannot be decided whether the range is reached.
finding-motion-not-judged = In { WORD($motion) } ({ WORD($posture) }), impingement ({ WORD($cause) }) involves a part of the stem whose surrounding bone is not in the scan: the required range cannot be assessed.
finding-activity-in-contact = Impingement in these activities of daily living: { WORD($activities) }. The joint angles are group means.
finding-activity-not-judged = In these activities of daily living, impingement first involves a part of the stem whose surrounding bone is not in the scan: { WORD($activities) }. They cannot be assessed.

## loads

finding-no-loads = Loads could not be simulated: { WORD($error) }.
finding-no-muscles = The muscles could not be fitted to the bones, so no activity was simulated: { WORD($error) }.
finding-no-static-balance = The static balance of single-leg stance, and with it the abductor reserve, could not be computed: { WORD($error) }.
finding-activity-not-simulated = { WORD($activity) } could not be simulated: { WORD($error) }.
finding-body-mass-unknown = Body mass is unknown: { NUMBER($mass_kg, minimumFractionDigits: 0, maximumFractionDigits: 0) } ± { NUMBER($spread_kg, minimumFractionDigits: 0, maximumFractionDigits: 0) } kg assumed, { WORD($method) }.
finding-pelvis-mirrored = Not in the scan: { WORD($landmarks) }. They were mirrored from the other side, assuming a symmetrical pelvis.
finding-landmarks-contradict = The muscles were fitted by the main landmarks alone, because { WORD($error) }.
finding-strength-of-muscles = Muscle strength is scaled to the lean muscle volume in the scan for { $measured } of { $all } muscle parts that cross the hip; for the others it is that of a generic leg model scaled to the body.
finding-muscle-too-long = The plan stretches the fibres of { WORD($muscle) } to { NUMBER($ratio, minimumFractionDigits: 2, maximumFractionDigits: 2) } of their optimal length in { WORD($when) } ({ NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } in the hip as scanned): too long to be active.
finding-muscle-slack = The plan shortens the fibres of { WORD($muscle) } to { NUMBER($ratio, minimumFractionDigits: 2, maximumFractionDigits: 2) } of their optimal length in { WORD($when) } ({ NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } in the hip as scanned): too short to be active.
finding-abductors-too-weak = The abductors cannot hold the pelvis in single-leg stance on this side: their maximum moment is { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m, { NUMBER($percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % of the required one{ WORD($before) }. Check the source of the model's muscle strength.
finding-abductors-without-reserve = The abductors cannot hold the pelvis in single-leg stance on this side: their maximum moment is { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m, { NUMBER($percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % of the required one{ WORD($before) }. Check the source of the model's muscle strength.
finding-edge-loading = Edge loading: the contact patch of head and liner reaches the rim during { NUMBER($percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % of { WORD($activity) }.
finding-edge-loading-unknown = Edge loading in { WORD($activity) } could not be assessed: { WORD($error) }.
finding-hip-moment-out-of-reach = In { WORD($activity) } the muscles fall short of the hip moment by up to { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m: the joint force there is underestimated.
finding-full-activation = Muscles at full activation in the planned hip ({ WORD($muscles) }). Daily activities do not need full activation: the model underestimates the strength of these muscles, or distributes the moments poorly among them. The abductor reserve is computed for all abductors together in the static balance.
finding-muscles-overestimate = In walking, the hip force from muscles differs from measurements by 33 % of body weight (median of seven people with instrumented hips); it is mostly too high. For its magnitude in single-leg stance, the static balance is more accurate. To compare plans, use the difference in hip force between them, whose uncertainty the Monte Carlo samples give. No other activity was compared with measurements. The median of the samples is above the plan's own value, because random displacement and weakening of muscles distribute the moments less evenly among them.
finding-samples-lost = Only { $solved } of { $asked } Monte Carlo samples could be solved; the percentiles are based on these.
finding-time-of-own-motion = The recorded motion is simulated from { NUMBER($start_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } to { NUMBER($end_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } s, in { $steps } time steps: the time that motion and loads have in common. Results refer to the whole period and do not depend on the number of steps.
finding-loads-of-another-body = The largest recorded ground reaction force is { NUMBER($push, minimumFractionDigits: 2, maximumFractionDigits: 2) } times this body weight. Check that the loads are of this patient and in newtons; they are not scaled.

## model

finding-unit-of-angles-assumed = The file does not state inDegrees; degrees were assumed.
finding-angles-too-small = The file states degrees, but no angle exceeds { NUMBER($largest, minimumFractionDigits: 2, maximumFractionDigits: 2) }: they may be radians. If so, write inDegrees=no.
finding-angles-too-great = The file states radians, but one angle is { NUMBER($largest, minimumFractionDigits: 1, maximumFractionDigits: 1) }: they may be degrees. If so, write inDegrees=yes.
finding-beyond-range = The motion takes { WORD($coordinate) } from { NUMBER($low_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° to { NUMBER($high_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°; the range of this leg is { NUMBER($least_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° to { NUMBER($most_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°. Check whether the motion was made for a model with another sign convention.
finding-markers-missed = The model misses the markers by { NUMBER($rms_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm (root mean square), and `{ WORD($marker) }` by { NUMBER($most_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm at { NUMBER($time_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } s; less than 20 and 40 mm are usual. Check whether the model is scaled to the person, names and places of markers, and the axes of the file.
finding-coordinates-not-determined = Markers and tasks do not determine these coordinates in the number of { $of } time steps given; they stay where they were before: { WORD($coordinates) }. Add markers beyond these joints, or lock them in the model.
finding-tracking-not-converged = In { $frames } of { $of } time steps the coordinates nearest to the markers were not reached. Check the ranges of clamped coordinates and the places of markers in the model.
finding-not-upright = In the first time step the model lies, { NUMBER($angle_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° from upright, along the { WORD($axis) } axis of the file. If the person stood, the vertical axis of the file is not y, as OpenSim has it: turn its axes, or gravity acts along the wrong one.
finding-motion-left-aside = Ignored in the recorded motion: { WORD($what) }.
finding-residual-force = The loads do not balance the motion in { $beyond } of { $instants } time steps: the residual force on { WORD($body) } is up to { NUMBER($force_n, minimumFractionDigits: 1, maximumFractionDigits: 1) } N ({ NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } % of body weight, at { NUMBER($time_s, minimumFractionDigits: 3, maximumFractionDigits: 3) } s). Check the force plates, their position and assignment to the feet, and the masses of the model; joint forces are wrong by as much.
finding-residual-moment = The loads do not balance the motion in { $beyond } of { $instants } time steps: the residual moment on { WORD($body) } is up to { NUMBER($moment_n_m, minimumFractionDigits: 1, maximumFractionDigits: 1) } N m ({ NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } % of body weight times the height of the centre of mass, at { NUMBER($time_s, minimumFractionDigits: 3, maximumFractionDigits: 3) } s). Check the force plates, their position and assignment to the feet, and the masses of the model; joint forces are wrong by as much.
finding-moment-out-of-reach = In { $beyond } of { $instants } time steps the muscles cannot produce the moment of the motion: up to { NUMBER($most, minimumFractionDigits: 1, maximumFractionDigits: 1) } N m (or N) are missing at the coordinate { WORD($coordinate) }. The muscle forces given for these time steps are the closest possible. Check loads, muscle strength and reserve actuators.
finding-forces-do-not-bear-the-motion = The forces in the file do not produce the motion: { NUMBER($force_n, minimumFractionDigits: 0, maximumFractionDigits: 0) } N are missing at the coordinate { WORD($coordinate) } at { NUMBER($time_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } s. The reactions are computed for the motion as given; OpenSim lets such forces change the motion and obtains other reactions. Include the forces of residual and reserve actuators.
finding-moments-do-not-bear-the-motion = The forces in the file do not produce the motion: { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m are missing at the coordinate { WORD($coordinate) } at { NUMBER($time_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } s. The reactions are computed for the motion as given; OpenSim lets such forces change the motion and obtains other reactions. Include the forces of residual and reserve actuators.

## search

finding-stiff-by-sitting = The spine is rated stiff from the change between standing and relaxed sitting, a criterion with many false positives: obtain a flexed-seated view before changing a plan because of it.
finding-search-stopped = The search was stopped early: this is the best plan found so far, not necessarily the best possible.
finding-criterion-not-judged = The criterion { WORD($criterion) } was not assessed: its value is not measurable in this patient.
finding-no-plan-meets-criteria = No plan meets these criteria: even the best one succeeds with a probability of at most { NUMBER($most_percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } %, so the plan by rule is kept. Without the limiting criteria the probability would be { NUMBER($together_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } %.
finding-criterion-in-the-way = Limiting criterion: { WORD($criterion) }. Without it the probability of success would be { NUMBER($without_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } %. Relax its limit in the criteria, or accept the risk knowingly.
