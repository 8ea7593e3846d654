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
report-measured-all-the-same = What the scan does show was measured all the same and follows below.
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
report-to-other-side = to the other side
report-to-other-side-spread = { $spread } to the other side
report-to-other-side-changed = to the other side; changed by { $change }
report-to-other-side-spread-changed = { $spread } to the other side; changed by { $change }
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
report-shift-of-native = { $second }, { $third } of the native centre
report-shift-of-mirrored = { $second }, { $third } of the other side's centre, mirrored
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
report-pictures-planned = As planned, the slices show the cut femur moved to where it comes to lie, with its own grey values, and dim what it leaves behind; the radiograph keeps the grey values as scanned and outlines the moved femur. A slice shows of each part only what its plane cuts.
report-stage-scanned = as scanned
report-stage-planned = as planned on the { WORD($side) }
# $stage is one of the two above, in all captions.
report-radiograph = Simulated AP radiograph, { $stage }: parallel rays from front to back of the scanner, so without magnification. { $width } mm wide, { $pixel } mm a pixel; printed from this page on A4 at 100 % its scale is 1 to { $scale }.
report-scene-front = Bones from the front, { $stage }
report-scene-oblique = Bones obliquely from the front, { WORD($side) } side, { $stage }
report-plane-coronal = Coronal
report-plane-sagittal = Sagittal
report-plane-axial = Axial
report-slice-planned-centre = { $plane } slice through the planned centre of rotation, { $stage }
report-slice-head = { $plane } slice through the centre of the femoral head, { $stage }
report-slice-acetabulum = { $plane } slice through the centre of the acetabulum, { $stage }
report-slice-hip-bone = { $plane } slice through the middle of the hip bone, as the joint was not found, { $stage }
report-slice-femur = { $plane } slice through the middle of the femur, as the joint was not found, { $stage }

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
report-version-native-head = Native head about the stem
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
report-group-lever-arms = Lever arms
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
report-motion-limits = Limits count from where the motion starts; the dark mark is the motion commonly required. { $plus_minus } is one standard deviation, from how sure the zeros of pelvis and femur and the surfaces of the bones are ({ $spread }); a margin within it is undecided. Limits in grey lie beyond what capsule and muscles usually allow, which is an assumption of this program: the angle that bone and implants leave stands beside. Rotation about the planned centre; no soft tissue. Angles count from the ISB femur frame parallel to the supine functional pelvis, or, where the condyles are not in the scan, from the pose of the leg in the scan. Neck on liner in closed form; femur and stem against the pelvis and the femur against the cup by exact triangle tests.
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
report-bone-and-implants-free = bone and implants free
report-bare-stem = Stem, bare as the femur is not in the scan

## activities

report-activities = Activities
report-column-activity = Activity
report-column-flexion-to = Flexion to
report-column-in-contact = In contact
report-column-least-clearance = Least clearance
report-column-nearest = Nearest
report-column-force-to-rim = Force to rim
report-column-clearance-course = Clearance in its course
report-of-flexion-to = flexion to
report-of-in-contact = in contact
report-of-least-clearance = least clearance
report-of-force-to-rim = force to rim
# $from is -4, in millimetres, with the sign of the page.
report-activity-angles = Angles are means of groups of people, and single people differ by ten degrees and more. Flexion is that of the joint, against the pelvis as it lay supine. Clearance is the distance of what is nearest, or minus the depth of contact; the curve shows it from { $from } to 12 mm with a line at zero, coloured where something is in contact. Force to rim is the least angle between the measured joint force and the liner's rim, seen from the head centre.
report-where-angles-come-from = Where the angles come from
report-evidence = Numbers found in or derived from sources: { $known } of { $all }; the others are not verified.
report-free = free

## after contact

report-after-contact = After contact
report-after-contact-means = The motions in which hips dislocate, turned on past the contact of neck and rim until the head leaves. The force that holds the head is an assumption, so the figures compare plans and do not predict a patient's.
report-column-held-by = Held by
report-column-neck-meets-rim = Neck meets rim
report-column-meets-before = Meets before
report-column-dislocation = Dislocation
report-column-most-moment = Most moment
report-column-work = Work
report-not-followed = Not followed: { $why }
report-of-neck-meets-rim = neck meets rim
report-of-dislocation = dislocation
report-of-most-moment = most moment
report-of-work = work
report-after-contact-plot = The moment that resists the turn: solid, held by muscles alone; dashed, by muscles and capsule. An open dot marks where the neck meets the rim, a full one where the dislocation by itself. Only head, neck and liner are bodies here, without a lip; what meets before is the true fulcrum.
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
report-map-fractions = { $reachable } of the mapped rotations can be reached from neutral without contact, { $free } are free.
# $required is a list of motions with their letters; $near and $degree stand together: 7.5°.
report-map-means = Every position of the hip at steps of one degree, coloured by what is in contact; of several pairs the first of the legend. Angles are those of the joint, against the pelvis as it lay supine, whatever the posture. Diamonds are required motions by their letters ({ $required }), full where the plan does not reach them, grey where that is undecided. Lines are the activities by their numbers, each drawn on the slice within { $near }{ $degree } of its adduction and numbered where it is flexed most; dots mark contact. The share counts rotations by their invariant measure.
report-what-stops = What stops each motion
report-what-stops-means = The femur turned to its limit; the ring marks the first contact. Bones and implants as planned, from the direction in which the contact is best seen.
report-free-behind = free, but only behind a contact
report-abducted = Abducted { $angle }
report-adducted = Adducted { $angle }
report-neither-abducted = Neither abducted nor adducted
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
report-edited = The plan of this case is not the recommended one any more: it differs in { $parts }. This section is about the recommended plan and the plan by rule.
report-search-stopped = The search was stopped before its end: the recommended plan is the best so far, not the best there is.
# A list of criteria follows, each with a chance in brackets.
report-out-of-reach = No plan meets these criteria: the best that was found has a chance of at most { $most }, and the plan by rule is kept. In the way stand, with the chance that relaxing each gives:
report-without-all = Without all of them: { $chance }.
# What stands between the parts of a list, and at its end.
report-list-comma = ,
report-list-semicolon = ;
report-list-end = .
# $criteria is the name of a set of criteria, $error_model that of a model of errors.
report-chance-means = The chance that all { $count } criteria ({ $criteria }) that can be judged hold in one patient, when the plan is carried out with the error of theatre ({ $error_model }), from measurements that are not exact, in a pelvis that tilts as patients' do. { $samples } samples of all that; { $tried } plans tried.
# A list of postures follows, each with its tilt and how that was obtained.
report-tilts = Pelvic tilt from supine, backwards positive:
# $how says where the tilt comes from; it is English.
report-tilt = { $posture } { $tilt } ({ $how })
report-success-means = A success is a sample in which every criterion that can be judged holds; it is no forecast of a patient's outcome.
report-what-was-changed = What was changed
report-column-by-rule = By rule
report-column-recommended = Recommended
report-column-by-rule-figure = By rule
report-column-recommended-figure = Recommended
report-of-by-rule = by rule
report-of-recommended = recommended
report-changes-mean = Bold is what differs. Cup centre from that of the native acetabulum, along the axes of the supine functional plane; inclination and anteversion radiographic, in that plane; stem height above the usual resection.
report-column-what-changed = Change
report-column-gain = Gain, points
report-column-price = Price, points
report-of-gain = gain
report-of-price = price
report-gain-means = The gain is what the chance loses without this one change, with its standard error; the price is what it had to gain, by the prices of the criteria. A change that does not gain its price beyond chance is not made.
# A list of criteria with their points follows.
report-gains-by-criterion = Of the difference from the plan by rule, in points:
report-nothing-gains = Nothing was found that gains more than its price and than chance: the plan by rule is recommended.
# A list of report-slip follows.
report-slips = If the cup comes out otherwise than aimed, the chance changes by
# $points is a number with its sign, $how is one of the messages report-cup-...: 5° steeper.
report-slip = { $points } points where it is { $how }
report-the-cup = the cup
report-the-liner = the liner
report-the-head = the head
report-the-stem = the stem
report-the-aims = what placement aims at
report-recommended-plan = Recommended plan
report-plan-by-rule = Plan by rule
report-interval = 95 % interval { $low } to { $high } %
report-gain = Gain
# Points of a hundred, with a sign.
report-points = { $points } points
report-of-100 = of 100, by the same samples
report-without-an-image = Knowing sex, height and weight alone
report-gain-over-it = gain over it { $points } points; { $interval }
report-limiting-criterion = Limiting criterion
report-without-this = without this criterion { $chance }
report-nearest-to-limit = the nearest to its limit
report-cup-sizes = Cup size
report-stem-sizes = Stem size
report-cup-size-chance = { $size } mm: { $chance }
report-stem-size-chance = { $size }: { $chance }
report-no-other-size = no other is to be expected
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
report-binds = binds
report-of-limit = limit
report-of-ideal = ideal
report-of-holds = holds
report-of-range = 5 to 95 %
report-not-measurable = Not measurable in this patient.
# $holds is the word of report-of-holds, in italics.
report-criteria-mean = Numbers are those of a plan that is carried out exactly, red where they miss the limit; { $holds } is the share of samples in which the criterion does, and 5 to 95 % the range of nine samples in ten. The bar shows how desirable the recommended number is: half at the limit, full at the ideal and beyond; the dark mark is the plan by rule. Worst first. Activities are judged by the angle that is left before anything meets.
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
report-legend-error = one standard deviation of the error in theatre: { $inclination } of inclination, { $anteversion } of anteversion
report-legend-zone = Lewinnek's zone
report-orientation-map-means = Where the cup is aimed, radiographic, supine functional plane; everything else as recommended, so that the mark of the plan by rule shows its orientation and not its chance. { $samples } samples for each of the orientations at one degree, with the same error about every one. The second drawing leaves out how the cup lies in bone and what the stem alone decides.
report-orientation-map-leaves-out = The femur against shell and liner is not looked at here, and any contact in an activity counts.
report-motion-and-stability = Motion and stability alone
# $zone is one of the three below.
report-zone = Lewinnek's zone is 30 to 50 and 5 to 25 degrees; { $zone }.
report-zone-own = it is defined against the anterior pelvic plane and drawn here as this patient's pelvis lay supine
report-zone-completed = it is defined against the anterior pelvic plane, which a shape model completed here, and drawn as this patient's pelvis lay supine
report-zone-not-seen = it is defined against the anterior pelvic plane, which this scan does not show, and drawn as if the supine plane were that
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
report-pareto = { $plans } of the plans that were tried are such that no other is better in every group of criteria. Further right and further up is better.
report-legend-other-plans = other plans
report-pareto-means = Mean desirability of a group over samples, in hundredths; 50 is at the limit. The axes are the two groups that are most opposed. A mark says what it is when it is pointed at. Other plans were tried with { $samples } samples, the two marked ones with all.
report-coloured-by = Coloured by { $group }
report-undominated = Undominated plans
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
report-prices-mean = Change of the chance that all criteria hold, in points of a hundred, when this one number of the recommended plan is changed and everything else is kept; by { $samples } samples, the same before and after. Beside it the criteria that change most: their number when carried out exactly and, in points, the chance that they hold.
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
report-no-attachments = Muscles could not be laid on the bones: see the findings.
# $force in per cent of body weight, $method is English.
report-stance = Standing on one leg: { $force }, by { $method }.
report-no-stance = There is no static balance: see the findings.
report-forces-too-great = Forces by muscles come out rather too great, by 47 % of body weight in the median of seven people with instrumented hips: go by the balance for the size of the force, and by the muscles for what the plan changes.
# Of an activity's joint force, in per cent of body weight.
report-peak = Peak { $peak }.
report-peak-before = Peak { $peak }, as scanned { $before } (change { $change }).
# The left one of two drawings.
report-force-drawing = Left: size of the joint force; solid as planned.
report-force-drawing-before = Left: size of the joint force; solid as planned, dashed as scanned.
report-force-drawing-samples = Left: size of the joint force; solid as planned, shaded from the 5th to the 95th percentile of { $samples } samples of strength, attachments and gait.
report-force-drawing-before-samples = Left: size of the joint force; solid as planned, dashed as scanned, shaded from the 5th to the 95th percentile of { $samples } samples of strength, attachments and gait.
# The right one of two drawings.
report-liner-drawing = Right: where it meets the liner, as one looks into the opening of a right hip (a left one mirrored), superior up and anterior to the right; rings count degrees from the pole, the shaded disc ends at the rim, dots stand at tenths of the activity and grow with the force. A motion that comes with the program is an average of people scaled to this patient, not the patient's own; muscles share the load as costs them and the joint least, which people need not do.
report-where-motions-come-from = Where the motions come from
report-what-plan-does-to-muscles = What the plan does to muscles
report-column-muscle = Muscle
report-column-strength = Strength
report-column-longer-by = Longer by
report-column-fibre-length = Fibre length
report-column-flexion-arm = Flexion arm
report-column-abduction-arm = Abduction arm
report-column-rotation-arm = Rotation arm
report-column-peak-force = Peak force
# Behind a muscle's strength that is not of the patient's scan.
report-generic = generic
report-muscle-loads-mean = Standing upright. Strength is by the lean volume in the scan, or a generic muscle scaled to the body where the scan does not show it whole. Fibre length is that over which fibres are strongest. Arms are positive where the muscle flexes, abducts or turns inwards.
report-peak-forces-of = Peak forces are of: { $activity }.
report-no-muscle-model = no model of muscles
report-no-muscle-model-before = no model of muscles, as scanned { $force }
report-peak-by-muscles = Peak by muscles
report-peak-force = { $activity }: { $force } N
report-peak-force-samples = { $activity }: { $force } N; samples { $low }, { $middle } and { $high } (5, 50, 95 %)
report-abductor-lever-arm = Abductor lever arm
report-as-scanned-and-change = { $before } as scanned, { $change }
report-abductor-reserve = Abductor reserve
# $drop is one of the two below.
report-reserve-of = of { $moment } N m, left over by standing on this leg; the pelvis may drop by { $drop }
report-pelvic-drop = { $drop }°
report-pelvic-drop-or-more = { $drop }° or more ({ $percent } % remains there)
report-force-to-rim-least = Force to rim, least
report-contact-to-rim = { $activity }: { $distance } from the middle of the contact to the rim
report-change-samples = { $change } (samples { $low } to { $high })
report-least-to-rim = Least { $angle } to the rim.
report-least-to-rim-contact = Least { $angle } to the rim, contact at the edge in { $share } of the time.
report-seated-unknown = seated: not known
report-axis-cycle = per cent of the cycle →
report-axis-force = joint force, per cent of body weight →
report-on-the-liner = On the liner
report-bearing-to-rim = The bearing, to its rim
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
report-column-lean-difference = Lean mass, right less left
# $state: whole, cut (by the end of the scan), schematic, or both of these.
report-muscle-side =
    { $state ->
        [cut] { WORD($side) }, cut off
        [schematic] { WORD($side) }, schematic
        [both] { WORD($side) }, cut off, schematic
       *[whole] { WORD($side) }
    }
report-muscles-mean = By the labels of the scan, as sure as these. Fat is its share by mixing of lean muscle (58 HU) and fat (-105 HU); lean mass rises from none at -30 to all at 30 HU. The difference is in per cent of the mean of both sides. What is cut off by the end of the scan is measured as far as it is seen and not compared. Expected Dice is by a muscle's size and by how far the atlas alone differs in its volume; on scans unlike the virtual patients that it was fitted to it is a rank, not a measure. Schematic: found by a strand between bones as anatomy books draw it and by the network, not by the surface of a real muscle; how far such a label is off in patients is not known, and none is expected.

## not seen, landmarks, foot of the page

report-not-seen = Not seen in this scan
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
