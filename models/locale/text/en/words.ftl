# Words and phrases that stand in messages and tables, by their English. Where a name begins a line it is given a capital.

## quantities

# Titles of numbers; column heads and names of criteria.
word-pelvic-tilt = Pelvic tilt
word-distance-between-the-asis = Distance between the ASIS
word-acetabular-inclination-supine-functional-plane = Acetabular inclination, supine functional plane
word-acetabular-anteversion-supine-functional-plane = Acetabular anteversion, supine functional plane
word-acetabular-inclination-anterior-pelvic-plane = Acetabular inclination, anterior pelvic plane
word-acetabular-anteversion-anterior-pelvic-plane = Acetabular anteversion, anterior pelvic plane
word-lateral-centre-edge-angle = Lateral centre-edge angle
word-acetabular-roof-angle-t-nnis = Acetabular roof angle (Tönnis)
word-sharp-angle = Sharp angle
word-head-diameter = Head diameter
word-neck-shaft-angle = Neck-shaft angle
word-femoral-version-murphy = Femoral version (Murphy)
word-femoral-offset = Femoral offset
word-femur-length = Femur length
word-femur-length-right-minus-left = Femur length, right minus left
word-femoral-head-density = Femoral head density
word-cortical-thickness-of-the-shaft = Cortical thickness of the shaft
word-minimum-joint-space = Minimum joint space
word-mean-joint-space = Mean joint space
word-joint-space-superior = Joint space, superior
word-joint-space-medial = Joint space, medial
word-joint-space-anterior = Joint space, anterior
word-head-asphericity = Head asphericity
word-aspherical-fraction-of-the-head = Aspherical fraction of the head
word-head-migration-superior = Head migration, superior
word-head-migration-lateral = Head migration, lateral
word-proximal-migration-of-the-head-crowe = Proximal migration of the head (Crowe)
word-osteophyte-or-cam-height = Osteophyte or cam height
word-subchondral-sclerosis = Subchondral sclerosis
word-subchondral-cysts = Subchondral cysts
word-leg-length-right-minus-left = Leg length, right minus left
word-hip-length = Hip length
word-global-offset-right-minus-left = Global offset, right minus left
word-global-offset = Global offset
word-leg-length-operated-minus-other-side = Leg length, operated minus other side
word-leg-length-change = Leg length, change
word-chance-of-lengthening-beyond-the-sciatic-nerve-s-limit = Chance of lengthening beyond the sciatic nerve's limit
word-global-offset-operated-minus-other-side = Global offset, operated minus other side
word-global-offset-change = Global offset, change
word-femoral-offset-native = Femoral offset, native
word-anterior-shift-of-the-femur = Anterior shift of the femur
word-bone-coverage = Bone coverage
word-rim-overhang = Rim overhang
word-centre-edge-angle-of-the-cup = Centre-edge angle of the cup
word-residual-medial-wall = Residual medial wall
word-residual-anterior-wall = Residual anterior wall
word-residual-posterior-wall = Residual posterior wall
word-hole-in-the-medial-wall = Hole in the medial wall
word-hole-in-the-anterior-wall = Hole in the anterior wall
word-hole-in-the-posterior-wall = Hole in the posterior wall
word-shell-to-labelled-vessels = Shell to labelled vessels
word-chance-of-a-vessel-near-the-shell = Chance of a vessel near the shell
word-anterior-rim-to-iliac-vessels = Anterior rim to iliac vessels
word-posterior-rim-to-sciatic-nerve = Posterior rim to sciatic nerve
word-press-fit-contact = Press-fit contact
word-hip-centre-medial-shift = Hip centre, medial shift
word-hip-centre-superior-shift = Hip centre, superior shift
word-hip-centre-anterior-shift = Hip centre, anterior shift
word-shell-centre-medial-shift = Shell centre, medial shift
word-shell-centre-superior-shift = Shell centre, superior shift
word-shell-centre-anterior-shift = Shell centre, anterior shift
word-shell-to-teardrop = Shell to teardrop
word-cup-inclination-radiographic-supine-functional-plane = Cup inclination, radiographic, supine functional plane
word-cup-anteversion-radiographic-supine-functional-plane = Cup anteversion, radiographic, supine functional plane
word-cup-inclination-operative-supine-functional-plane = Cup inclination, operative, supine functional plane
word-cup-anteversion-operative-supine-functional-plane = Cup anteversion, operative, supine functional plane
word-cup-inclination-anatomical-supine-functional-plane = Cup inclination, anatomical, supine functional plane
word-cup-anteversion-anatomical-supine-functional-plane = Cup anteversion, anatomical, supine functional plane
word-cup-inclination-radiographic-anterior-pelvic-plane = Cup inclination, radiographic, anterior pelvic plane
word-cup-anteversion-radiographic-anterior-pelvic-plane = Cup anteversion, radiographic, anterior pelvic plane
word-cup-inclination-operative-anterior-pelvic-plane = Cup inclination, operative, anterior pelvic plane
word-cup-anteversion-operative-anterior-pelvic-plane = Cup anteversion, operative, anterior pelvic plane
word-cup-inclination-anatomical-anterior-pelvic-plane = Cup inclination, anatomical, anterior pelvic plane
word-cup-anteversion-anatomical-anterior-pelvic-plane = Cup anteversion, anatomical, anterior pelvic plane
word-longest-screw = Longest screw
word-screw-purchase = Screw purchase
word-screw-tip-beyond-the-cortex = Screw tip beyond the cortex
word-screw-direction = Screw direction
word-screw-to-labelled-vessels = Screw to labelled vessels
word-chance-of-a-vessel-near-the-screw = Chance of a vessel near the screw
word-canal-fill = Canal fill
word-cortical-penetration = Cortical penetration
word-minimum-residual-cortex = Minimum residual cortex
word-resection-above-the-lesser-trochanter = Resection above the lesser trochanter
word-stem-shoulder-to-greater-trochanter = Stem shoulder to greater trochanter
word-stem-varus = Stem varus
word-stem-flexion = Stem flexion
word-stem-version = Stem version
word-native-femoral-version-about-the-stem = Native femoral version about the stem
word-stem-version-change = Stem version, change
word-combined-anteversion = Combined anteversion
word-combined-anteversion-widmer = Combined anteversion (Widmer)
word-jumping-distance = Jumping distance
word-range-of-a-motion = Range of a motion
word-angular-clearance-in-an-activity = Angular clearance in an activity
word-abductor-lever-arm = Abductor lever arm
word-abductor-lever-arm-change = Abductor lever arm, change
word-abductor-lever-arm-operated-minus-other-side = Abductor lever arm, operated minus other side
word-hip-force-single-leg-stance-body-weight = Hip force, single-leg stance (% body weight)
word-hip-force-single-leg-stance-change-body-weight = Hip force, single-leg stance, change (% body weight)
word-edge-loading-distance = Edge loading distance
word-edge-loading-margin = Edge loading margin
word-cup-inclination = Cup inclination
word-cup-anteversion = Cup anteversion

## motions

# Of the examined leg. The last ones stand in findings, of hips that are flexed so far.
word-flexion = flexion
word-extension = extension
word-abduction = abduction
word-adduction = adduction
word-internal-rotation = internal rotation
word-external-rotation = external rotation
word-internal-rotation-at-90-flexion = internal rotation at 90° flexion
word-external-rotation-at-90-flexion = external rotation at 90° flexion
word-internal-rotation-at-90-flexion-adducted-10 = internal rotation at 90° flexion, adducted 10°
word-internal-rotation-at-45-flexion-adducted-15 = internal rotation at 45° flexion, adducted 15°
word-external-rotation-extended-10 = external rotation, extended 10°
word-external-rotation-extended-10-adducted-10 = external rotation, extended 10°, adducted 10°
word-internal-rotation-at-90 = internal rotation at 90
word-external-rotation-at-90 = external rotation at 90
word-internal-rotation-at-90-adducted-10 = internal rotation at 90 adducted 10
word-internal-rotation-at-45-adducted-15 = internal rotation at 45 adducted 15

## postures of the pelvis

word-supine = supine
word-standing = standing
word-sitting = sitting
word-flexed-seated = flexed seated

## activities

word-bowing-from-seiza-to-the-floor = Bowing from seiza to the floor
word-walking-briskly-as-healthy-people-do = Walking briskly, as healthy people do
word-rising-from-a-low-chair-and-sitting-down-again = Rising from a low chair and sitting down again
word-rising-from-a-chair = Rising from a chair
word-sitting-cross-legged-on-the-floor = Sitting cross-legged on the floor
word-bending-the-knees = Bending the knees
word-kneeling-on-one-knee-to-pick-something-up = Kneeling on one knee to pick something up
word-crossing-the-legs-on-a-chair-thigh-over-thigh = Crossing the legs on a chair, thigh over thigh
word-standing-on-one-leg = Standing on one leg
word-turning-away-on-the-standing-leg = Turning away on the standing leg
word-rolling-over-in-bed-the-leg-behind = Rolling over in bed, the leg behind
word-kneeling-down-and-sitting-on-the-heels-seiza = Kneeling down and sitting on the heels (seiza)
word-tying-a-shoe-foot-on-the-floor = Tying a shoe, foot on the floor
word-tying-a-shoe-foot-on-the-other-thigh = Tying a shoe, foot on the other thigh
word-sitting-down-on-a-chair = Sitting down on a chair
word-asleep-on-the-side-the-upper-leg-fallen-in = Asleep on the side, the upper leg fallen in
word-squatting = Squatting
word-squatting-to-the-heels = Squatting to the heels
word-going-down-stairs = Going down stairs
word-climbing-stairs = Climbing stairs
word-bending-to-the-floor-with-straight-knees = Bending to the floor with straight knees
word-walking-on-the-level = Walking on the level

## pairs of bodies in contact

word-neck-liner = neck-liner
word-femur-pelvis = femur-pelvis
word-stem-pelvis = stem-pelvis
word-femur-cup = femur-cup

## severities of findings

word-refusal = refusal
word-caution = caution
word-note = note

## sides

word-right = right
word-left = left

## what findings are about

word-input = input
word-series = series
word-radiograph = radiograph
word-labels = labels
word-scan = scan
word-pelvis = pelvis
word-sacrum = sacrum
word-hip = hip
word-femur = femur
word-muscles = muscles
word-plan = plan
word-cup = cup
word-head = head
word-stem = stem
word-screw = screw
word-range-of-motion = range of motion
word-loads = loads
word-motion = motion
word-postures = postures
word-optimiser = optimiser

## bones and parts of implants

word-hip-bone = hip bone
word-shell = shell
word-liner = liner
word-mobile-bearing = mobile bearing

## landmarks

# Abbreviations: anterior superior, anterior inferior and posterior superior iliac spine.
word-asis = ASIS
word-aiis = AIIS
word-pubic-tubercle = pubic tubercle
word-psis = PSIS
word-ischial-spine = ischial spine
word-teardrop = teardrop
word-head-centre = head centre
word-neck-isthmus = neck isthmus
word-greater-trochanter = greater trochanter
word-lesser-trochanter = lesser trochanter
word-medial-epicondyle = medial epicondyle
word-lateral-epicondyle = lateral epicondyle
word-medial-posterior-condyle = medial posterior condyle
word-lateral-posterior-condyle = lateral posterior condyle
word-intercondylar-notch = intercondylar notch

## what a scan may not show

word-acetabulum = acetabulum
word-anterior-pelvic-plane = anterior pelvic plane
word-canal = canal
word-completed-femur = completed femur
word-completed-pelvis = completed pelvis
word-femoral-head = femoral head
word-femur-frame = femur frame
word-functional-frame = functional frame
word-neck = neck
word-pelvis-frame = pelvis frame
word-sciatic-nerve = sciatic nerve
word-shaft-axis = shaft axis
word-vessels = vessels

## muscles

word-gluteus-maximus = gluteus maximus
word-gluteus-medius = gluteus medius
word-gluteus-minimus = gluteus minimus
word-iliopsoas = iliopsoas
word-tensor-fasciae-latae = tensor fasciae latae
word-iliacus = iliacus
word-psoas-major = psoas major
word-obturator-externus = obturator externus
word-obturator-internus = obturator internus
word-pectineus = pectineus
word-piriformis = piriformis
word-adductors = adductors
word-gracilis = gracilis
word-rectus-femoris = rectus femoris
word-sartorius = sartorius
word-vastus-medialis = vastus medialis
word-vastus-lateralis-and-intermedius = vastus lateralis and intermedius
word-biceps-femoris = biceps femoris
word-semimembranosus = semimembranosus
word-semitendinosus = semitendinosus
word-superior-gemellus = superior gemellus
word-inferior-gemellus = inferior gemellus
word-quadratus-femoris = quadratus femoris
word-adductor-longus = adductor longus

## parts of muscles in the model

word-gluteus-medius-part-1 = gluteus medius, part 1
word-gluteus-medius-part-2 = gluteus medius, part 2
word-gluteus-medius-part-3 = gluteus medius, part 3
word-gluteus-minimus-part-1 = gluteus minimus, part 1
word-gluteus-minimus-part-2 = gluteus minimus, part 2
word-gluteus-minimus-part-3 = gluteus minimus, part 3
word-gluteus-maximus-part-1 = gluteus maximus, part 1
word-gluteus-maximus-part-2 = gluteus maximus, part 2
word-gluteus-maximus-part-3 = gluteus maximus, part 3
word-biceps-femoris-long-head = biceps femoris, long head
word-adductor-brevis = adductor brevis
word-adductor-magnus-part-1 = adductor magnus, part 1
word-adductor-magnus-part-2 = adductor magnus, part 2
word-adductor-magnus-part-3 = adductor magnus, part 3
word-psoas = psoas
word-gemelli = gemelli

## families of implants of the catalogue

# Kinds of stems, shells and liners, and offsets of a neck.
word-tapered-wedge = tapered wedge
word-metaphyseal-filling = metaphyseal filling
word-short = short
word-hemispherical = hemispherical
word-peripheral-flare = peripheral flare
word-flush = flush
word-lipped = lipped
word-offset = offset
word-dual-mobility = dual mobility
word-standard = standard
word-high = high

## what the optimiser chooses

word-cup-centre-medially = cup centre, medially
word-cup-centre-superiorly = cup centre, superiorly
word-cup-centre-anteriorly = cup centre, anteriorly
word-stem-height = stem height
word-stem-family = stem family
word-shell-family = shell family
word-liner-and-head = liner and head
word-stem-size = stem size
word-shell-size = shell size
word-head-length = head length
word-position = position

## sets of criteria and models of errors

word-essential = essential
word-fixation-and-restoration = fixation and restoration
word-lewinnek = lewinnek
word-patient-specific = patient specific
word-widmer = widmer
word-freehand = freehand
word-navigated = navigated
word-none = none
word-robot = robot

## what the version of a stem counts from

word-posterior-condylar-line = posterior condylar line
word-native-neck = native neck
word-coronal-plane-of-the-scanner = coronal plane of the scanner
