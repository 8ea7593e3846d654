# The report, in English, in the order of the page. A translation has the same names, and need not use every argument.
# $side is right or left. Texts hold no markup, and numbers come with their units where no unit stands in the text.

## head of the page

# Title of the window. $side is right or left, everywhere.
report-title = Hip plan, { WORD($side) } side
report-no-plan = No plan for the { WORD($side) } hip
report-plan = Plan for the { WORD($side) } hip
report-purpose = Planning and research tool, not a cleared medical device. Every number needs a surgeon's judgement.
# Stands at the top where no speaker of the language has reviewed its texts; say which language.
report-unreviewed = The texts of this report are a translation that no speaker of the language has reviewed.
report-source = Source: { $source }
report-not-planned-because = This hip was not planned, because:
report-not-planned = This hip was not planned.
report-measured-all-the-same = What the scan shows was measured all the same and follows below.
# $side is right or left: Left femur.
report-of-side =
    { $side ->
        [left] Left { $what }
       *[right] Right { $what }
    }
report-right-and-left = right and left
# One of several, by its number: Screw 2.
report-numbered = { $what } { $number }
# A list, from left to right.
report-list = { $first }, { $next }
# A list of what may hold commas itself.
report-list-apart = { $first }; { $next }
report-and = { $others } and { $last }
# A range of numbers; the unit stands with the second.
report-from-to = { $low } to { $high }
report-less-than = < { $value }
report-more-than = > { $value }
# A number that could not be had.
report-not-known = not known
# Inclination and anteversion of the cup.
report-two-angles = { $inclination } / { $anteversion }

## units

report-degrees = { $number }°
report-percent = { $number } %
report-hounsfield = { $number } HU
report-millimetres = { $number } mm
report-square-millimetres = { $number } mm²
report-cubic-centimetres = { $number } cm³
report-grams = { $number } g
report-milligrams-per-cubic-centimetre = { $number } mg/cm³
report-newtons = { $force } N
report-joules = { $work } J
# Per cent of body weight.
report-body-weights = { $percent } %BW

## first figures

report-chance-of-all = Chance that all criteria hold
report-interval-and-by-rule = { $interval }; { $by_rule } by rule
report-leg-length = Leg length
report-global-offset = Global offset
# Of leg length or offset; $spread is ± 3.8 mm.
report-to-other-side = relative to the other side
report-to-other-side-spread = { $spread } relative to the other side
report-to-other-side-changed = relative to the other side; changed by { $change }
report-to-other-side-spread-changed = { $spread } relative to the other side; changed by { $change }
report-change-alone = change; other side not measured
report-change-alone-spread = { $spread } change; other side not measured
report-hip-centre = Hip centre
# $by is a length.
report-shift-medial = { $by } medial
report-shift-lateral = { $by } lateral
report-shift-superior = { $by } superior
report-shift-inferior = { $by } inferior
report-shift-anterior = { $by } anterior
report-shift-posterior = { $by } posterior
# $second and $third are two of the shifts above.
report-shift-of-native = { $second }, { $third } to the native centre
report-shift-of-mirrored = { $second }, { $third } to the mirrored centre of the other side
report-shift-spread = { $shift }; { $spread }
report-cup = Cup
report-cup-size = { $size } mm
report-cup-parts = { $family }, { $liner } liner, { $head } mm head
report-inclination-anteversion = Inclination / anteversion
report-radiographic-supine = radiographic, supine functional plane
report-of-shell = of the shell in bone
report-of-shell-spread = { $spread } of the shell in bone
report-stem = Stem
report-stem-size = size { $size }
report-stem-size-unknown = size not known
# $neck_shaft is an angle, $offset standard or high, $head the length of the head with its sign.
report-stem-parts = { $family }, { $neck_shaft }, { $offset } offset, head { $head }
report-stem-parts-drawn = size { $size } is drawn; { $family }, { $neck_shaft }, { $offset } offset, head { $head }
report-cup-and-stem = cup and stem
report-cup-and-stem-spread = { $spread } cup and stem
report-met-of-all = { $met } of { $all }
report-motions-met = required motions met
report-motions-short = { $count } short
report-motions-undecided = { $count } undecided
report-motions-not-judged = { $count } not judged

## components

report-components = Components
report-part = Part
report-family = Family
report-choice = Choice
report-shell-choice = { $size } mm outer diameter
report-screw = Screw
report-screw-choice = { $length } mm, hole { $hole }
report-liner-choice = polyethylene { $thickness } mm
report-liner-choice-lip = polyethylene { $thickness } mm, lip { $direction } from superior towards anterior
# $reference is what version counts from.
report-stem-choice = size { $size }, neck-shaft angle { $neck_shaft }, { $offset } offset, version { $version } against the { $reference }
report-head-choice = { $diameter } mm, head offset { $offset }

## before and after

report-before-and-after = Before and after
report-column-as-scanned = As scanned
report-column-planned = Planned
report-column-change = Change
# In place of a figure: the hip centre as it is.
report-native = native
report-compared-femoral-offset = Femoral offset, head centre to axis
report-compared-inclination = Inclination, acetabulum and cup
report-compared-anteversion = Anteversion, acetabulum and cup
report-compared-version = Femoral version
report-compared-neck-shaft = Neck-shaft angle
report-compared-head = Head diameter

## findings

report-findings = Findings
report-no-others = No others.
report-none = None.
report-against-limit = { $value }, limit { $limit }

## pictures

report-pictures = Pictures
report-pictures-scale = All to scale; the bar shows millimetres. R and L are the patient's right and left, A and P anterior and posterior.
report-pictures-planned = As planned, the slices show the resected femur moved to its planned position, with its own grey values, and dim its original position; the radiograph keeps the grey values as scanned and outlines the moved femur. In a slice, each part is shown only where the plane cuts it.
report-stage-scanned = as scanned
report-stage-planned = as planned on the { WORD($side) }
# $stage is one of the two above, in all captions.
report-radiograph = Simulated AP radiograph, { $stage }: parallel anteroposterior rays in the scanner's coordinates, so without magnification. { $width } mm wide, { $pixel } mm per pixel; printed from this page on A4 at 100 %, its scale is 1 to { $scale }.
report-scene-front = Bones from the front, { $stage }
report-scene-oblique = Bones obliquely from the front, { WORD($side) } side, { $stage }
report-plane-coronal = Coronal
report-plane-sagittal = Sagittal
report-plane-axial = Axial
report-slice-planned-centre = { $plane } slice through the planned centre of rotation, { $stage }
report-slice-head = { $plane } slice through the centre of the femoral head, { $stage }
report-slice-acetabulum = { $plane } slice through the centre of the acetabulum, { $stage }
report-slice-hip-bone = { $plane } slice through the centre of the hip bone, as the joint was not found, { $stage }
report-slice-femur = { $plane } slice through the centre of the femur, as the joint was not found, { $stage }

## orientation of the cup

report-cup-orientation = Cup orientation
report-cup-definition = Definition (Murray 1993)
report-supine-plane = Supine functional plane
report-anterior-plane = Anterior pelvic plane
report-column-inclination = Inclination
report-column-anteversion = Anteversion
report-column-version = Version
report-radiographic = Radiographic
report-operative = Operative
report-anatomical = Anatomical
report-version-native-femur = Femur, native (Murphy)
report-version-native-head = Native femur about the stem axis
report-version-stem = Stem
report-version-combined = Combined (cup + stem)
report-version-combined-widmer = Combined (cup + 0.7 stem)

## numbers of the plan

report-plan-does = What the plan does
report-column-quantity = Quantity
report-column-value = Value
# Column head: standard deviation
report-column-sd = SD
report-column-how-obtained = How it was obtained
report-group-leg-length = Leg length and offset
report-group-lever-arms = Abductor lever arm and hip force
report-group-cup = Cup
report-group-stem = Stem
report-group-together = Cup and stem together
report-group-screws = Screws
report-group-rest = Further numbers
# Of a screw in the hole of a number.
report-of-hole = { $quantity }, hole { $hole }

## range of motion

report-range-of-motion = Range of motion
# $cup is two angles: 40° / 20°. $pelvis is a posture, with its tilt where it has one.
report-motion-posture = Pelvis { $pelvis }. Cup in this posture { $cup } (radiographic inclination and anteversion), oscillation angle { $oscillation }, jumping distance { $jumping }.
report-column-motion = Motion
report-column-limit = Limit
report-column-required = Required
report-column-margin = Margin
report-column-first-contact = First contact
report-column-neck-alone = Neck alone
report-column-bone-alone = Bone alone
# In front of a figure on narrow screens, for want of column heads; so are the others in small letters below.
report-of-required = required
report-of-margin = margin
report-of-neck-alone = neck alone
report-of-bone-alone = bone alone
# $plus_minus is the sign ±. $spread names spreads of pelvis, femur and bone surfaces.
report-motion-limits = Limits are measured from the start of the motion; the dark mark is the commonly required range. { $plus_minus } is one standard deviation, from the uncertainty of the zero positions of pelvis and femur and of the bone surfaces ({ $spread }); a margin within it is undecided. Limits in grey lie beyond what capsule and muscles usually allow, which is an assumption of this program; the angle that bone and implants alone allow is given beside each. Rotation about the planned centre; no soft tissue. Angles are measured from the ISB femur frame parallel to the supine functional pelvis or, where the condyles are not in the scan, from the pose of the leg in the scan. Neck-liner contact in closed form; femur and stem against the pelvis, and the femur against the cup, by exact triangle tests.
report-tilted-backwards = { $posture }, tilted { $tilt } backwards from supine
report-tilted-forwards = { $posture }, tilted { $tilt } forwards from supine
# Each is a spread: ± 1.0°.
report-motion-spread = pelvis { $pelvis }, femur { $rotation } in rotation and { $lean } in flexion and adduction, bone surfaces { $surface }
report-examination = Examination
report-posterior-dislocation = Posterior dislocation positions
report-anterior-dislocation = Anterior dislocation positions
# In place of an angle: the motion cannot begin.
report-blocked = blocked
# Verdicts beside a margin: not enough, and within the spread.
report-short = short
report-undecided = undecided
report-no-contact = no contact
report-bone-and-implants = bone and implants { $angle }
report-bone-and-implants-free = bone and implants alone: no impingement
report-bare-stem = Stem, modelled without surrounding bone: femur not in the scan

## activities

report-activities = Activities
report-column-activity = Activity
report-column-flexion-to = Flexion to
report-column-in-contact = In contact
report-column-least-clearance = Least clearance
report-column-nearest = Nearest pair
report-column-force-to-rim = Force to rim
report-column-clearance-course = Clearance during the activity
report-of-flexion-to = flexion to
report-of-in-contact = in contact
report-of-least-clearance = least clearance
report-of-force-to-rim = force to rim
# $from is -4, in millimetres, with the sign of the page.
report-activity-angles = Angles are means of groups of people; individuals differ by ten degrees and more. Flexion is that of the hip, relative to the supine pelvis. Clearance is the distance to the nearest contact, or minus the depth of contact; the curve shows it from { $from } to 12 mm with a line at zero, coloured where there is contact. Force to rim is the least angle between the measured joint force and the liner's rim, seen from the head centre.
report-where-angles-come-from = Where the angles come from
report-evidence = Numbers found in or derived from sources: { $known } of { $all }; the others are not verified.
report-free = free

## after contact

report-after-contact = After contact
report-after-contact-means = The dislocation-prone motions, continued past neck-liner contact until the head dislocates. The force that holds the head is an assumption, so the figures compare plans and do not predict a patient's risk.
report-column-held-by = Held by
report-column-neck-meets-rim = Neck-liner contact
report-column-meets-before = Earlier contact
report-column-dislocation = Dislocation
report-column-most-moment = Peak moment
report-column-work = Work
report-not-followed = Not simulated: { $why }
report-of-neck-meets-rim = neck-liner contact
report-of-dislocation = dislocation
report-of-most-moment = peak moment
report-of-work = work
report-after-contact-plot = Moment that resists the turn: solid, head held by muscles alone; dashed, by muscles and capsule. An open dot marks neck-liner contact, a filled one dislocation. Only head, neck and liner are simulated here, without a lip; where another pair makes contact earlier, that is the true fulcrum.
report-held-by-muscles = muscles
report-held-by-muscles-and-capsule = muscles and capsule
# In place of an angle.
report-never = never
report-stays-in = stays in
report-moment-at = { $moment } N m at { $turn }
report-axis-turn = turn, degrees
report-axis-moment = resisting moment, N m

## map of all positions

report-all-positions = All positions
report-map-fractions = { $reachable } of the mapped rotations can be reached from neutral without contact; { $free } are free.
# $required is a list of motions with their letters; $near and $degree stand together: 7.5°.
report-map-means = Every position of the hip in steps of one degree, coloured by the pair that is in contact; of several pairs the first in the legend. Angles are those of the joint, relative to the supine pelvis, in any posture. Diamonds are required motions by their letters ({ $required }), filled red where the plan does not reach them, grey where that is undecided. Lines are the activities by their numbers, each drawn on the slice within { $near }{ $degree } of its adduction and numbered at its greatest flexion; dots mark contact. The fraction weights all rotations equally (invariant measure).
report-what-stops = What stops each motion
report-what-stops-means = The femur turned to its limit; the ring marks the first contact. Bones and implants as planned, seen from the direction that shows the contact best.
report-free-behind = free, but reached only through impingement
report-abducted = Abducted { $angle }
report-adducted = Adducted { $angle }
report-neither-abducted = Neutral abduction
# An axis from negative to positive; arrows point along it.
report-axis-flexion = ← extension   flexion, degrees →
report-axis-rotation = ← external   internal rotation, degrees →
report-lettered = { $letter } { $motion } { $angle }
# Under a picture of a contact; $cause is a pair of bodies, $from one of report-seen-from-...
report-contact = { $motion }, to { $angle }: { $cause }. Seen { $from }.
report-contact-without-femur = { $motion }, to { $angle }: { $cause }. Seen { $from }. Without the femur.
# Directions stand in report-seen-from-...
report-from-front = the front
report-from-behind = behind
report-from-outer-side = the outer side
report-from-inner-side = the inner side
report-from-above = above
report-from-below = below
report-seen-from-one = from { $first }
report-seen-from-two = from { $first } and { $second }
report-seen-from-three = from { $first }, { $second } and { $third }

## chance of success

report-chance-of-success = Chance of success
# $parts is one of the messages report-differs-...
report-edited = The plan of this case is no longer the recommended one: it differs in { $parts }. This section is about the recommended plan and the plan by rule.
report-search-stopped = The search was stopped before its end: the recommended plan is the best so far, not necessarily the best there is.
# A list of criteria follows, each with a chance in brackets.
report-out-of-reach = No plan meets these criteria: the best that was found has a chance of at most { $most }, and the plan by rule is kept. Limiting criteria, with the chance when each is left out:
report-without-all = Without all of them: { $chance }.
# What stands between the parts of a list, and at its end.
report-list-comma = ,
report-list-semicolon = ;
report-list-end = .
# $criteria is the name of a set of criteria, $error_model that of a model of errors.
report-chance-means = The chance that all { $count } criteria ({ $criteria }) that can be judged hold together in this patient, when the plan is carried out with the surgical error ({ $error_model }), with measurement uncertainty, and with the spread of pelvic tilt. { $samples } Monte Carlo samples; { $tried } plans tried.
# A list of postures follows, each with its tilt and how that was obtained.
report-tilts = Pelvic tilt from supine, posterior positive:
# $how says where the tilt comes from; it is English.
report-tilt = { $posture } { $tilt } ({ $how })
report-success-means = A success is a sample in which every criterion that can be judged holds; it is not a forecast of a patient's outcome.
report-what-was-changed = What was changed
report-column-by-rule = By rule
report-column-recommended = Recommended
report-column-by-rule-figure = By rule
report-column-recommended-figure = Recommended
report-of-by-rule = by rule
report-of-recommended = recommended
report-changes-mean = Differences are bold. Cup centre relative to that of the native acetabulum, along the axes of the supine functional plane; inclination and anteversion radiographic, in that plane; stem height above the usual resection.
report-column-what-changed = Change
report-column-gain = Gain, points
report-column-price = Price, points
report-of-gain = gain
report-of-price = price
report-gain-means = The gain is what the chance loses without this one change, with its standard error; the price is the gain that the change had to reach. A change whose gain does not exceed its price by more than sampling error is not made.
# A list of criteria with their points follows.
report-gains-by-criterion = Difference from the plan by rule for each criterion, in points:
report-nothing-gains = No change was found whose gain exceeds its price by more than sampling error: the plan by rule is recommended.
# A list of report-slip follows.
report-slips = If the cup orientation differs from the target, the chance changes by
# $points is a number with its sign, $how is one of the messages report-cup-...: 5° steeper.
report-slip = { $points } points where it is { $how }
report-the-cup = the cup
report-the-liner = the liner
report-the-head = the head
report-the-stem = the stem
report-the-aims = the targets of the placement
report-recommended-plan = Recommended plan
report-plan-by-rule = Plan by rule
report-interval = 95 % interval { $low } to { $high } %
report-gain = Gain
# Points of a hundred, with a sign.
report-points = { $points } points
report-of-100 = percentage points, same samples
report-without-an-image = Using sex, height and weight alone
report-gain-over-it = gain over it { $points } points; { $interval }
report-limiting-criterion = Limiting criterion
report-without-this = without this criterion { $chance }
report-nearest-to-limit = nearest to its limit
report-cup-sizes = Cup size
report-stem-sizes = Stem size
report-cup-size-chance = { $size } mm: { $chance }
report-stem-size-chance = { $size }: { $chance }
report-no-other-size = no other size expected
report-standing = standing
report-sitting = sitting
report-leaning-forwards = seated and leaning forwards
report-chosen-shell = { $family }, { $size } mm
report-chosen-liner = { $liner }, lip { $direction } from superior towards anterior
report-chosen-head = { $diameter } mm, offset { $offset }
report-chosen-stem = { $family }, size { $size }, neck-shaft angle { $neck_shaft }, { $offset } offset
report-part-and-choice = { $part }: { $choice }
report-changed = changed
# A number that the optimiser was not to change.
report-held = held
report-changed-from-to = { $part }: { $from } to { $to }
report-with-error = { $points } ± { $error }
report-cup-steeper = { $angle }° steeper
report-cup-flatter = { $angle }° flatter
report-cup-more-anteverted = { $angle }° more anteverted
report-cup-less-anteverted = { $angle }° less anteverted

## criteria

report-criteria = Criteria
# A narrow table of many columns.
report-column-criterion = Criterion
report-column-ideal = Ideal
report-column-holds = Holds
report-column-range = 5 to 95 %
report-column-desirability = Desirability
# Beside the criterion that decides most.
report-binds = limiting
report-of-limit = limit
report-of-ideal = ideal
report-of-holds = holds
report-of-range = 5 to 95 %
report-not-measurable = Not measurable in this patient.
# $holds is the word of report-of-holds, in italics.
report-criteria-mean = Numbers are those of a plan that is carried out exactly, red where they miss the limit; { $holds } is the fraction of samples in which the criterion is met, and 5 to 95 % the range of nine in ten samples. The bar shows the desirability of the recommended number: half at the limit, full at the ideal and beyond; the dark mark is the plan by rule. Worst first. Activities are judged by the angle that remains before impingement.
report-where-limits-come-from = Where the limits come from
# Groups of criteria, each one word.
report-criteria-fixation = Fixation
report-criteria-restoration = Restoration
report-criteria-motion = Motion
report-criteria-stability = Stability
report-criteria-orientation = Orientation
report-motion-in-posture = { $motion }, pelvis { $posture }
# In place of a number.
report-no-value = none
report-not-judged = not judged

## map of the orientation of the cup

report-orientation-of-cup = Orientation of the cup
# $orientation is inclination / anteversion: 42° / 20°.
report-best-orientation = With the recommended components and centre, the orientation most likely to succeed is { $orientation } ({ $chance }).
report-no-orientation = With the recommended components and centre, no orientation meets all criteria in any sample.
report-legend-recommended = recommended
report-legend-by-rule = by rule
report-legend-error = one standard deviation of the surgical error: { $inclination } of inclination, { $anteversion } of anteversion
report-legend-zone = Lewinnek's zone
report-orientation-map-means = Target orientation of the cup, radiographic, supine functional plane; everything else as recommended, so that the mark of the plan by rule shows its orientation and not its chance. { $samples } samples for each orientation in steps of one degree, with the same error about every one. The second drawing leaves out coverage of the cup and criteria that depend on the stem alone.
report-orientation-map-leaves-out = Femur-cup contact is not included here, and any contact in an activity counts as a failure.
report-motion-and-stability = Chance that the motion and stability criteria hold
# $zone is one of the three below.
report-zone = Lewinnek's zone is 30 to 50 degrees of inclination and 5 to 25 degrees of anteversion; { $zone }.
report-zone-own = it is defined in the anterior pelvic plane and drawn here for this patient's supine pelvis
report-zone-completed = it is defined in the anterior pelvic plane, estimated here by a shape model, and drawn for this patient's supine pelvis
report-zone-not-seen = it is defined in the anterior pelvic plane, which is not in this scan, and drawn as if that were the supine functional plane
report-chance-below = below { $high } %
report-chance-between = { $low } to { $high } %
report-chance-from = from { $low } %
report-error-of-model = One standard deviation of the error model
report-orientation-by-rule = By rule: { $inclination }° inclination, { $anteversion }° anteversion
report-orientation-recommended = Recommended: { $inclination }° inclination, { $anteversion }° anteversion
report-axis-inclination = inclination, degrees →
report-axis-anteversion = anteversion, degrees →

## alternative plans

report-alternative-plans = Alternative plans
report-pareto = For { $plans } of the plans that were tried, no other plan is better in every group of criteria. Further right and further up is better.
report-legend-other-plans = other plans
report-pareto-means = Mean desirability of a group over the samples, in per cent; 50 is at the limit. The axes are the two groups that conflict most. Point at a mark to see what it is. Other plans were tried with { $samples } samples, the two marked ones with all.
report-coloured-by = Coloured by { $group }
report-undominated = Pareto-optimal plans
report-axis-desirability = { $group }, desirability →
report-group-desirability = { $group } { $desirability }
# What a mark says when it is pointed at.
report-mark-tried = Tried. Desirability: { $desirabilities }. { $components }
report-mark-by-rule = By rule. Desirability: { $desirabilities }. { $components }
report-mark-recommended = Recommended. Desirability: { $desirabilities }. { $components }

## prices

report-what-a-degree-costs = What a degree or a millimetre costs
report-column-one-more = One more
report-column-changes-most = Changes most
report-column-one-less = One less
report-prices-mean = Change of the chance that all criteria hold, in percentage points, when this one number of the recommended plan is changed and everything else is kept; { $samples } samples, the same before and after. Beside it the criteria that change most: their number when carried out exactly and, in points, the chance that they hold.
report-by-a-degree = { $variable }, by 1°
report-by-a-millimetre = { $variable }, by 1 mm
report-criterion-changes = { $criterion } { $change }
report-criterion-changes-holds = { $criterion } { $change } (holds { $points })

## muscles and loads

report-muscles-and-loads = Muscles and loads
# $method says where the number comes from; it is English.
report-body-mass = Body mass { $mass } ± { $spread } kg ({ $method }).
# $method is a sentence on how attachments of muscles were found; it is English.
report-attachments = { $method } (± { $spread } each).
report-no-attachments = The muscles could not be fitted to the bones: see the findings.
# $force in per cent of body weight, $method is English.
report-stance = Single-leg stance: { $force }, by { $method }.
report-no-stance = There is no static balance: see the findings.
report-forces-too-great = The hip force from muscles deviates from the measured force by 33 % of body weight (median of seven people with instrumented hips), mostly upwards: use the static balance for the magnitude of the force, and the muscles for the effect of the plan.
# Of an activity's joint force, in per cent of body weight.
report-peak = Peak { $peak }.
report-peak-before = Peak { $peak }, as scanned { $before } (change { $change }).
# The left one of two drawings.
report-force-drawing = Left: size of the joint force; solid as planned.
report-force-drawing-before = Left: size of the joint force; solid as planned, dashed as scanned.
report-force-drawing-samples = Left: size of the joint force; solid as planned, shaded from the 5th to the 95th percentile of { $samples } samples of strength, attachments and gait.
report-force-drawing-before-samples = Left: size of the joint force; solid as planned, dashed as scanned, shaded from the 5th to the 95th percentile of { $samples } samples of strength, attachments and gait.
# The right one of two drawings.
report-liner-drawing = Right: where the force meets the liner, seen into the opening of a right hip (a left one mirrored), superior up and anterior to the right; rings count degrees from the pole, the shaded disc ends at the rim, dots stand at tenths of the activity and grow with the force. A motion of the catalogue is an average of people scaled to this patient, not the patient's own. Static optimisation shares the load at the least cost, which people need not do.
report-where-motions-come-from = Where the motions come from
report-what-plan-does-to-muscles = What the plan does to muscles
report-column-muscle = Muscle
report-column-strength = Strength
report-column-longer-by = Lengthening
report-column-fibre-length = Fibre length
report-column-flexion-arm = Flexion arm
report-column-abduction-arm = Abduction arm
report-column-rotation-arm = Rotation arm
report-column-peak-force = Peak force
# Behind a muscle's strength that is not of the patient's scan.
report-generic = generic
report-muscle-loads-mean = Standing upright. Strength follows the lean volume in the scan, or is that of a generic muscle scaled to the body where the scan does not show the whole muscle. Fibre length is relative to the optimal length. Moment arms are positive for flexion, abduction and internal rotation.
report-peak-forces-of = Peak forces are of: { $activity }.
report-no-muscle-model = without a muscle model
report-no-muscle-model-before = without a muscle model, as scanned { $force }
report-peak-by-muscles = Peak hip force (muscle model)
report-peak-force = { $activity }: { $force } N
report-peak-force-samples = { $activity }: { $force } N; samples { $low }, { $middle } and { $high } (5, 50, 95 %)
report-abductor-lever-arm = Abductor lever arm
report-as-scanned-and-change = { $before } as scanned, { $change }
report-abductor-reserve = Abductor reserve
# $drop is one of the two below.
report-reserve-of = of { $moment } N m, in reserve in single-leg stance; tolerated pelvic drop { $drop }
report-pelvic-drop = { $drop }°
report-pelvic-drop-or-more = { $drop }° or more ({ $percent } % reserve at that drop)
report-force-to-rim-least = Least angle of force to rim
report-contact-to-rim = { $activity }: { $distance } from the centre of the contact to the rim
report-change-samples = { $change } (samples { $low } to { $high })
report-least-to-rim = Least angle to the rim { $angle }.
report-least-to-rim-contact = Least angle to the rim { $angle }, edge contact for { $share } of the time.
report-seated-unknown = seated: not known
report-axis-cycle = per cent of the cycle →
report-axis-force = joint force, per cent of body weight →
report-on-the-liner = On the liner
report-bearing-to-rim = Bearing surface, up to its rim
# Letters around the liner.
report-letter-superior = S
report-letter-anterior = A
report-letter-inferior = I
report-letter-posterior = P
report-force-at = { $percent } % of the cycle: { $force }

## measurements as scanned

report-measurements = Measurements as scanned
report-column-right = Right
report-column-left = Left
# Right and left in one letter.
report-of-right = R
report-of-left = L
report-nothing-measured = Nothing could be measured.
report-group-pelvis = Pelvis
report-group-acetabulum = Acetabulum
report-group-joint = Joint
report-group-femur = Femur
report-of-completed-pelvis = { $quantity }, completed pelvis
report-of-completed-femur = { $quantity }, completed femur
# Methods of both sides, each a sentence; they are English.
report-methods-of-sides = Right: { $right } Left: { $left }

## muscles as scanned

report-muscles = Muscles
report-column-side = Side
report-column-volume = Volume
report-column-lean-mass = Lean mass
report-column-fat = Fat
# Mean Hounsfield value.
report-column-mean = Mean
report-column-dice = Expected Dice
report-column-lean-difference = Lean mass, right minus left
# $state: whole, or cut (by the end of the scan).
report-muscle-side =
    { $state ->
        [cut] { WORD($side) }, truncated
       *[whole] { WORD($side) }
    }
report-muscles-mean = By the labels of the scan, and only as accurate as these. The fat fraction follows from mixing lean muscle (58 HU) and fat (-105 HU); the weight of lean mass rises from 0 at -30 HU to 1 at 30 HU. The difference is in per cent of the mean of both sides. A muscle that is truncated by the scan is measured where it is in the scan and not compared. Expected Dice is predicted from a muscle's size and from how far atlas and network agree; on scans unlike the virtual patients to which it was fitted, it only ranks labels and is not an accurate estimate.

## panels of modules

report-modules = Modules
report-modules-purpose = Predictions of modules for research, not a diagnosis. Each module says in its own words what it rests on and where it fails.
report-module-card = About this module

## not seen, landmarks, foot of the page

report-not-seen = Not measurable in this scan
report-landmarks = Landmarks
report-landmarks-frame = Patient frame (LPS), millimetres; SD per axis.
report-column-landmark = Landmark
# Coordinates of the patient.
report-column-place = x, y, z
report-column-how-found = How it was found
report-folded = Folded sections are not printed: open them on the page before printing.
# $plus_minus is the sign ±.
report-sd-means = SD and { $plus_minus }: one standard deviation. Cup angles are stated with their definition and plane; leg length is positive for lengthening, offset for lateralisation.
# What is not seen, with the sides that it is not seen of.
report-thing-of-sides = { $thing } ({ $sides })
report-voxels = { $columns } × { $rows } × { $slices } voxels of { $x } × { $y } × { $z } mm.
report-program = Program: Coxa { $version }
report-virtual-patient = Input: built-in virtual patient, seed { $seed }
# What was read, and its hash.
report-input-hash = { $role }: BLAKE3 { $hash }
