//! Where limits and definitions come from. A source of a limit also says what it rests on.

use super::limit::Source;

pub(in super::super) const OWN: &str = "definition of this program";
pub(in super::super) const WIDMER: &str = "Widmer and Zurfluh 2004, J Orthop Res 22:815";
pub(in super::super) const DORR_DEFINED: &str = "Dorr et al. 2009, Clin Orthop 467:119";
pub(in super::super) const MURRAY: &str = "Murray 1993, J Bone Joint Surg Br 75:228";
pub(in super::super) const QUADRANTS: &str = "Wasielewski 1990, J Bone Joint Surg Am 72:501";
pub(in super::super) const MURPHY: &str = "Murphy et al. 1987, J Bone Joint Surg Am 69:1169";
pub(in super::super) const CROFT_DEFINED: &str = "Croft et al. 1990, Am J Epidemiol 132:514";
pub(in super::super) const CROWE_DEFINED: &str = "Crowe et al. 1979 (J Bone Joint Surg Am 61:15)";
pub(in super::super) const BALANCE: &str = "static balance of Iglic et al. 1990";

pub(in super::super) const FUJII: Source = Source::study(
    "Fujii et al. 2017, BioMed Res Int 4937151: 215 cementless cups in dysplasia, all ingrown, with a bone coverage of 49 % or more; more than 60 % and a centre-edge angle above 0 degrees, are recommended",
);
pub(in super::super) const COVER_RANGE: Source = Source::derived(
    "the minimum bone coverage that studies require ranges from 50 to 80 per cent (Fujii et al. 2017, BioMed Res Int 4937151)",
);
pub(in super::super) const OFF_BONE: Source =
    Source::assumption("a shell without bone contact has no fixation: it lies outside the acetabulum");
pub(in super::super) const OVERHANG: Source = Source::study(
    "Chalmers et al. 2017, J Bone Joint Surg Am 99:557: from 8 mm of prominence on, cup revision relieved psoas pain in 12 of 13",
);
pub(in super::super) const OVERHANG_CT: Source =
    Source::study("Ueno et al. 2018, J Arthroplasty 33:3288: psoas pain from 4 mm in sagittal CT sections");
pub(in super::super) const CENTRE_EDGE: Source = Source::assumption(
    "10 degrees above the minimum of Fujii et al. 2017 (BioMed Res Int 4937151); 10 degrees is the usual error of a cup placed freehand",
);
pub(in super::super) const BREACHED: Source = Source::derived(
    "26 of 95 cementless cups went through the medial wall, and none of these was revised (Mandelli et al. 2018, Orthop Traumatol Surg Res): CT cannot tell a wall under 1 mm from none",
);
pub(in super::super) const UNTOUCHED_WALL: Source = Source::derived(
    "before reaming, the medial wall is 4.4 mm thick in men and 3.6 mm in women at its thinnest place (Lu et al. 2021, BMC Musculoskelet Disord, doi 10.1186/s12891-021-04419-x), of which reaming takes about 1 mm",
);
pub(in super::super) const FRONT_WALL: Source = Source::derived(
    "bone in front of a cup is 4.6 mm thick on average and 1.4 mm at the thinnest (Ihn et al. 2024, J Am Acad Orthop Surg, doi 10.5435/jaaos-d-24-00483); CT cannot tell a wall under 1 mm from none",
);
pub(in super::super) const FRONT_WALL_REAMED: Source = Source::derived(
    "bone in front of a cup is 4.6 mm deep on average (Ihn et al. 2024, J Am Acad Orthop Surg, doi 10.5435/jaaos-d-24-00483), of which reaming takes 1 to 2 mm",
);
pub(in super::super) const VESSEL: Source = Source::assumption(
    "allows for labels of 1 mm voxels and pulsation of the vessel; the external iliac artery lies 25 mm (15 to 35) from the front of the socket (Ihn et al. 2024, J Am Acad Orthop Surg, doi 10.5435/jaaos-d-24-00483)",
);
pub(in super::super) const PRESS_FIT: Source =
    Source::assumption("the rim carries the press fit; no study states how much of it must lie in bone");
pub(in super::super) const CENTRE_HELD: Source = Source::derived(
    "Dastane et al. 2011, Clin Orthop 469:429, 82 hips: with the centre 0 to 3 mm superiorly and 0 to 5 mm medially, offset could always be held within 5 mm",
);
pub(in super::super) const CENTRE_HIGH: Source = Source::study(
    "Komiyama et al. 2016, J Arthroplasty 31:2342: range of motion suffices up to 20 mm above the true centre; the limit here is half of that, because offset is lost first (Dastane et al. 2011, Clin Orthop 469:429)",
);
pub(in super::super) const CENTRE_SHIFTED: Source = Source::study(
    "a medial shift of 8 mm or more counts as too much (Merle et al. 2019, doi 10.3205/19dkou478, 131 hips); with a lateral shift the hip load grows (Johnston et al. 1979, J Bone Joint Surg Am 61:639)",
);
pub(in super::super) const CENTRE_BY_REAMING: Source = Source::derived(
    "the centre moves up by 0.7 (SD 1.3) mm with peripheral reaming and 3.7 (SD 2.6) mm with reaming to the floor (Meermans et al. 2016, Bone Joint J 98-B:1597)",
);
pub(in super::super) const LEWINNEK: Source = Source::study(
    "Lewinnek 1978, J Bone Joint Surg Am 60:217: inclination of 30 to 50 and anteversion of 5 to 25 degrees relative to the anterior pelvic plane; most cups that dislocate lie within (Abdel et al. 2016, Clin Orthop 474:386)",
);
pub(in super::super) const INCLINATION: Source = Source::study(
    "Lewinnek 1978, J Bone Joint Surg Am 60:217: 30 to 50 degrees; wear grows from 50 degrees on (2018, J Clin Orthop Trauma 9:133, 54 patients)",
);
pub(in super::super) const INCLINATION_IDEAL: Source = Source::study(
    "Callanan et al. 2011, Clin Orthop 469:319: up to 45 degrees; the lower limit of 35 degrees is as far below 40 as 45 is above",
);
pub(in super::super) const ANTEVERSION: Source = Source::derived(
    "Lewinnek 1978 has 5 to 25 degrees, in which most dislocated cups lay (Abdel et al. 2016, Clin Orthop 474:386); cups that dislocated anteriorly had 44 (SD 12) degrees, operative definition, and stable ones 31 (SD 11) (PMC6259696)",
);
pub(in super::super) const ANTEVERSION_IDEAL: Source = Source::derived(
    "5 degrees inside the limits: so much anteversion may be added to or taken from the cup to compensate for the stem",
);
pub(in super::super) const SCREW_PURCHASE: Source =
    Source::assumption("the shortest screw of most sets; no study gives a least purchase");
pub(in super::super) const BEYOND_CORTEX: Source = Source::study(
    "Keating et al. 1990, J Bone Joint Surg Am 72:509: behind the inner cortex lie the external iliac vein and the obturator neurovascular bundle",
);
pub(in super::super) const FILL: Source = Source::study(
    "51 straight stems that stayed fixed filled 72 % of the lower third of the canal (BORS 2011, Orthop Proc 94-B, supplement 36)",
);
pub(in super::super) const FILL_IDEAL: Source = Source::study(
    "no further gain: with fill above 80 % below the lesser trochanter, 19 instead of 5 % of Dorr type C femora fractured during surgery (2022, Arch Orthop Trauma Surg 142:1265)",
);
pub(in super::super) const CONTACT: Source = Source::assumption(
    "a broach is pressed in by 0.5 to 1 mm per side, and CT shows a border to within about one voxel; no study gives a threshold",
);
pub(in super::super) const CORTEX_LEFT: Source =
    Source::assumption("thinnest cortex that CT can tell from a perforation; no study gives a threshold");
pub(in super::super) const CORTEX_LEFT_IDEAL: Source =
    Source::assumption("twice the accuracy of a cortical border in CT");
pub(in super::super) const RESECTION: Source = Source::derived(
    "guides cut 5 to 15 mm above the lesser trochanter (Gululi et al. 2024); 5 mm more for long necks",
);
pub(in super::super) const VARUS: Source = Source::study(
    "Reina et al. 2019, J Arthroplasty 34:1127: neutral within 3 degrees in 978 of 1,028 stems",
);
pub(in super::super) const VARUS_IDEAL: Source =
    Source::derived("a third of the range of Reina et al. 2019, J Arthroplasty 34:1127");
pub(in super::super) const FLEXION: Source = Source::derived(
    "stems lean forwards in the femur by 5.2 degrees, 0.7 to 9 (Mueller et al. 2011, Int Orthop 35:981); the limit for leaning backwards is 4 degrees less",
);
pub(in super::super) const FLEXION_IDEAL: Source = Source::derived(
    "5.7 (SD 1.8) degrees are natural (Renkawitz et al. 2012, BMC Musculoskelet Disord 13:65); the plan aims at none",
);
pub(in super::super) const STEM_VERSION: Source = Source::derived(
    "implanted stems have 22 (SD 8) and 27 (SD 14) degrees (Pongkunakorn et al. 2021, J Orthop Surg Res 16:27; Sariali et al. 2009): the limits are two standard deviations to either side of 20 degrees",
);
pub(in super::super) const STEM_VERSION_IDEAL: Source = Source::derived(
    "one standard deviation about the mean of implanted stems (Pongkunakorn et al. 2021, J Orthop Surg Res 16:27)",
);
pub(in super::super) const DORR: Source =
    Source::study("Dorr et al. 2009, Clin Orthop 467:119: combined anteversion 25 to 50 degrees");
pub(in super::super) const DORR_IDEAL: Source = Source::derived(
    "5 degrees to either side of 37 degrees, the mean that Dorr et al. 2009 (Clin Orthop 467:119) reached: two thirds of its standard deviation",
);
pub(in super::super) const LEG_NOTICED: Source = Source::study(
    "Kersic et al. 2014, J Arthroplasty 29:137: a difference of 11 mm is noticed and one of 7 mm is not (119 hips); Konyves and Bannister 2005, J Bone Joint Surg Br 87:155",
);
pub(in super::super) const LEG_FELT: Source =
    Source::study("Sykes et al. 2015, Hip Int 25:452: from 5 mm, most patients notice it");
pub(in super::super) const NERVE: Source = Source::study(
    "Edwards et al. 1987, Clin Orthop 218:136: the least lengthening with a palsy was 19 mm; shortening by more than 5 mm slackens the hip",
);
pub(in super::super) const NERVE_IDEAL: Source = Source::derived(
    "three quarters of the least lengthening with a palsy in Edwards et al. 1987, Clin Orthop 218:136; shortening within the error of rasp height",
);
pub(in super::super) const OFFSET: Source = Source::study(
    "Mahmood et al. 2016, Acta Orthop 87:36, and Kelly et al. 2024, J Arthroplasty, doi 10.1016/j.arth.2024.06.004: abductors are weaker if offset is more than 5 mm below that of the other side; if it is above, lateral pain grows (Worlicek et al. 2020, Sci Rep 10)",
);
pub(in super::super) const OFFSET_IDEAL: Source =
    Source::study("restore global offset within 5 mm and do not lose it (2023, EFORT Open Rev 8:3)");
pub(in super::super) const FEMUR_SHIFT: Source = Source::assumption(
    "5 degrees of tilt or 10 degrees of version of a stem move its head by about this distance",
);
pub(in super::super) const ARM: Source = Source::study(
    "Bjordal and Bjorgul 2015, J Orthop Traumatol 16:339: as on the other side or more; a loss of more than 5 mm counted as not restored",
);
pub(in super::super) const ARM_IDEAL: Source = Source::derived("accuracy of the landmarks");
pub(in super::super) const ARM_BOTH: Source =
    Source::assumption("as the limit of the change, but wider, because both sides are measured");
pub(in super::super) const FORCE: Source = Source::derived(
    "range over ten patients in single-leg stance, 29 % of body weight (Bergmann et al. 2016, PLOS ONE 11:e0155612)",
);
pub(in super::super) const FORCE_IDEAL: Source = Source::derived(
    "half the range over ten patients in single-leg stance (Bergmann et al. 2016, PLOS ONE 11:e0155612)",
);
pub(in super::super) const JUMPING: Source = Source::assumption(
    "no study gives a threshold; a head of 28 mm in a steep cup has about 8 mm (Sariali et al. 2009, Acta Orthop 80:277)",
);
pub(in super::super) const JUMPING_IDEAL: Source = Source::derived(
    "a head of 32 mm in a cup at 45 and 15 degrees has about 12 mm (Sariali et al. 2009, Acta Orthop 80:277)",
);
pub(in super::super) const EDGE: Source = Source::study(
    "the edge of the contact patch stays off the rim (Underwood et al. 2012, Proc Inst Mech Eng H 226:217): its radius after Hertz is 3.4 mm (ceramic, 32 mm, 2000 N)",
);
pub(in super::super) const EDGE_IDEAL: Source =
    Source::study("Yoon et al. 2013, Clin Orthop 471:1615: below 10 mm metal bearings wear more");
pub(in super::super) const EDGE_MARGIN: Source = Source::assumption(
    "most of the contact stays off the rim: in polyethylene all of it lies within 38 to 43 degrees of the force (constrained column model, heads of 32 and 36 mm, 2000 N)",
);
pub(in super::super) const CROFT: Source = Source::study(
    "minimum joint space of Croft et al. 1990 (Am J Epidemiol 132:514), graded with limits of 2.5 and 1.5 mm",
);
pub(in super::super) const CROWE: Source = Source::study("Crowe et al. 1979 (J Bone Joint Surg Am 61:15)");
pub(in super::super) const KOMIYAMA: Source = Source::study(
    "Komiyama et al. 2016, J Arthroplasty 31:2342: flexion 110 degrees; 30 degrees each of extension, external rotation, and internal rotation at 90 degrees of flexion",
);
pub(in super::super) const YOSHIMINE: Source = Source::study(
    "Yoshimine 2006, J Biomech 39:1315: flexion 120 degrees, internal rotation 45 degrees at 90 degrees of flexion, external rotation 40 degrees",
);
pub(in super::super) const WIDMER_MOTION: Source =
    Source::study("Widmer and Zurfluh 2004, J Orthop Res 22:815: extension and external rotation 40 degrees");
pub(in super::super) const ANTERIOR: Source = Source::assumption(
    "hips dislocate anteriorly in extension and external rotation (Nadzadi et al. 2003, J Biomech 36:577); as much rotation is required as when upright",
);
pub(in super::super) const SLEEP: Source = Source::assumption(
    "lying on the other side; as much rotation is required as at 90 degrees of flexion, because no study gives a figure",
);
pub(in super::super) const FREE: Source = Source::assumption("no contact in any frame of the activity");
pub(in super::super) const FREE_IDEAL: Source = Source::derived(
    "half of the 10 degrees of clearance that hips after arthroplasty kept in deep bends (2012, J Arthroplasty 27:1562)",
);
pub(in super::super) const TURNED: Source = Source::derived(
    "straight stems lie 1.9 (SD 9.5) degrees from the native version (Worlicek et al. 2016, BMC Musculoskelet Disord 17:399): about half of this standard deviation",
);
