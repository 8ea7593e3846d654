//! Shape models on real bones. Skips what it has no data for.

use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, LandmarkKind};
use coxa_geometry::finding::Code;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::file;
use coxa_geometry::{Mesh, Point, Quantity, Side, Vector};
use coxa_measure::{complete, complete_femora, complete_pelvis, measure};
use coxa_shape::shape_model::{
    self, FitOptions, Provenance, ShapeModel, fit, fit_pieces, register, shipped, surface_distance,
};
use coxa_test_support::reference_data;
use nalgebra::Point3;

/// A reference surface; `None` where it is not there. One that cannot be read is a failure.
fn surface(name: &str) -> Option<Mesh<Patient>> {
    Some(file::read(&reference_data(name)?).expect("the reference surface is sound"))
}

/// The ten femora of the point-distribution model as right ones, with their triangles.
struct Femora {
    faces: Vec<[u32; 3]>,
    shapes: Vec<Vec<Point3<f64>>>,
}

impl Femora {
    fn read() -> Option<Femora> {
        let folder = reference_data("shape-femur-gias")?;
        let mean: Mesh<Patient> = file::read(&folder.join("femur_mean.ply")).expect("the mean is sound");
        let shapes = shape_model::file::read_point_distribution(&folder).expect("the distribution is sound");
        let right = |s: &nalgebra::DVector<f64>| {
            s.as_slice().chunks_exact(3).map(|c| Point3::new(-c[0], c[1], c[2])).collect()
        };
        Some(Femora { faces: Side::Left.enter(mean).triangles, shapes: shapes.iter().map(right).collect() })
    }

    /// Model of all but one.
    fn model(&self, left_out: Option<usize>) -> ShapeModel {
        let kept = (0..self.shapes.len()).filter(|&i| Some(i) != left_out);
        let shapes: Vec<_> = kept.map(|i| self.shapes[i].clone()).collect();
        shape_model::build("femur", self.faces.clone(), &shapes, 99, Provenance::default())
            .expect("the shapes are in correspondence")
    }

    fn mesh(&self, shape: usize) -> Mesh<Patient> {
        let vertices = self.shapes[shape].iter().map(|&p| Point::from_coords(p)).collect();
        Mesh { vertices, triangles: self.faces.clone() }
    }
}

/// Whole femora of two people who are not in the model.
fn whole_femora() -> Vec<(Mesh<Patient>, Side)> {
    [
        ("test-only/vsd/vsd_z013_Femur_R.ply", Side::Right),
        ("test-only/vsd/vsd_z013_Femur_L.ply", Side::Left),
        ("test-only/staple/staple_LHDL_CT_femur_r.ply", Side::Right),
    ]
    .into_iter()
    .filter_map(|(name, side)| Some((surface(name)?, side)))
    .collect()
}

fn proximal_femora() -> Vec<(Mesh<Patient>, Side)> {
    [("femur-libhip/m3/m3_rfemur_mm.stl", Side::Right), ("femur-libhip/m3/m3_lfemur_mm.stl", Side::Left)]
        .into_iter()
        .filter_map(|(name, side)| Some((surface(name)?, side)))
        .collect()
}

#[test]
fn a_femur_left_out_is_described_by_the_others() {
    let Some(femora) = Femora::read() else { return };
    for left_out in [0, 1] {
        let (model, target) = (femora.model(Some(left_out)), femora.mesh(left_out));
        let distance = |model: &ShapeModel| {
            let found = fit(model, &target, Side::Right, &FitOptions::default()).expect("it fits");
            surface_distance(&target, &found.mesh(), |_| true).mean_mm
        };
        let (modes, extended) = (distance(&model), distance(&model.extended(100)));
        println!("femur {left_out}: {modes:.2} mm by the modes, {extended:.2} mm with the kernel");
        assert!(modes < 1.5 && extended < 0.7 && extended < modes);
    }
}

#[test]
fn femora_of_other_people_are_fitted_and_registered() {
    let model = shipped::femur().expect("the model is sound").extended(100);
    for (target, side) in whole_femora().into_iter().chain(proximal_femora()) {
        let found = fit(&model, &target, side, &FitOptions::default()).expect("it fits");
        let fitted = surface_distance(&found.mesh(), &target, |v| found.seen[v]).mean_mm;
        let registered = register(&model, &target, side).expect("it is registered");
        println!(
            "fitted to {fitted:.2} mm, registered to {:.3} and {:.3} mm, {:.4} flipped",
            registered.to_surface.mean_mm, registered.from_surface.mean_mm, registered.flipped_fraction
        );
        assert!(fitted < 0.8);
        assert!(registered.to_surface.mean_mm < 0.5 && registered.from_surface.mean_mm < 0.5);
        assert!(registered.flipped_fraction < 1e-3);
    }
}

fn anatomy(mesh: &Mesh<Patient>, side: Side) -> HipAnatomy {
    measure(&BoneSurfaces::from([(Bone::femur(side), mesh.clone())]), None)
}

/// The part of a femur above the apex of its lesser trochanter, across its shaft.
fn cut(mesh: &Mesh<Patient>, whole: &HipAnatomy, side: Side) -> Mesh<Patient> {
    let lesser =
        whole.landmark(LandmarkKind::LesserTrochanter, side).expect("the lesser trochanter is found");
    let axis = whole.side(side).shaft.as_ref().expect("a shaft").axis;
    let kept = |v: &u32| (mesh.vertices[*v as usize] - lesser.position_mm).dot(axis) > 0.0;
    Mesh {
        vertices: mesh.vertices.clone(),
        triangles: mesh.triangles.iter().filter(|t| t.iter().all(kept)).copied().collect(),
    }
}

/// Version in degrees and the shaft's axis.
fn directions(anatomy: &HipAnatomy, side: Side) -> Option<(f64, Vector<Patient>)> {
    let version = anatomy.measurements.get(Quantity::FemoralVersion.of(side))?.value;
    Some((version, anatomy.side(side).shaft.as_ref()?.axis))
}

fn root_mean_square(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    (values.map(|v| v * v).sum::<f64>() / count).sqrt()
}

/// Hip bones of the person whose femur is tested, where they are separate surfaces.
fn hip_bones(person: usize) -> BoneSurfaces {
    let names = [
        (Bone::HipRight, "test-only/vsd/vsd_z013_Hip_R.ply"),
        (Bone::HipLeft, "test-only/vsd/vsd_z013_Hip_L.ply"),
    ];
    let found = names.into_iter().filter_map(|(bone, name)| Some((bone, surface(name)?)));
    if person == 0 { found.collect() } else { BoneSurfaces::new() }
}

#[test]
fn a_femur_cut_at_the_lesser_trochanter_is_completed_with_its_spread() {
    for (index, (target, side)) in whole_femora().into_iter().enumerate() {
        let whole = anatomy(&target, side);
        let (true_version, true_axis) = directions(&whole, side).expect("the whole femur is measured");
        let mut surfaces = hip_bones(index / 2);
        surfaces.insert(Bone::femur(side), cut(&target, &whole, side));
        let mut found = measure(&surfaces, None);
        let measured = found.clone();
        complete_femora(&mut found, &surfaces, None);
        let completion = found.side_mut(side).completion.take().expect("the femur is completed");
        assert_eq!(found, measured, "what was measured stays as it was");
        let version = completion.version().expect("a version");
        let (z, tilt) = (
            (version.value - true_version) / version.spread,
            completion.shaft.axis.angle_to(true_axis).degrees(),
        );
        println!(
            "{side}: fitted to {:.2} mm; version {:.1} +- {:.1} for {true_version:.1} (z {z:.2}), shaft off by {tilt:.1}, \
             sure to {:.1} degrees across",
            completion.residual_mm, version.value, version.spread, completion.shaft.spread_deg
        );
        assert!(z.abs() < 2.0 && tilt < 2.0 * std::f64::consts::SQRT_2 * completion.shaft.spread_deg);
        assert!(completion.residual_mm < 1.0 && (25.0..70.0).contains(&completion.seen_mm));
        let true_length = whole.side(side).femur_frame.map(|frame| {
            let epicondyles = [LandmarkKind::MedialEpicondyle, LandmarkKind::LateralEpicondyle]
                .map(|kind| whole.landmark(kind, side).expect("an epicondyle").position_mm);
            let middle = epicondyles[0] + (epicondyles[1] - epicondyles[0]) * 0.5;
            frame.inverse().apply(middle).coords().coords.norm()
        });
        let length = &completion.measurements[Quantity::FemurLength];
        let off = (length.value - true_length.expect("a whole femur has a frame")) / length.spread;
        println!("length {:.1} +- {:.1}, off by {off:.2} spreads", length.value, length.spread);
        assert!(off.abs() < 2.0, "length off by {off:.2} spreads");
        // The head is seen, so the completed femur turns about the measured one.
        let head = found.side(side).head.as_ref().expect("a head").centre_mm;
        let origin = completion.femur_frame.apply(Point::origin());
        assert!(origin.distance(head) < 1.0, "head off by {:.2} mm", origin.distance(head));
    }
}

/// Right and left hip bone and sacrum of a woman who is not in the model.
fn whole_pelvis() -> Option<[Mesh<Patient>; 3]> {
    let bone = |name: &str| file::read(&reference_data(&format!("test-only/vsd/vsd_z013_{name}.ply"))?).ok();
    Some([bone("Hip_R")?, bone("Hip_L")?, bone("Sacrum")?])
}

#[test]
fn a_pelvis_of_another_person_is_fitted_whole_and_completed_when_cut_from_above() {
    let Some(bones) = whole_pelvis() else { return };
    let model = shipped::pelvis().expect("the model is sound");
    let extended = model.extended(160);
    let pieces = model.pieces();
    let all = bones.each_ref().map(Some);
    let found = fit_pieces(&extended, &all, Side::Right, &FitOptions::default()).expect("it fits");
    let whole = found.mesh();
    for (piece, bone) in bones.iter().enumerate() {
        let distance = surface_distance(bone, &pieces.mesh(&whole, piece), |_| true).mean_mm;
        println!("piece {piece} fitted to {distance:.2} mm");
        // The model's sacrum is a smooth shell; the one given has foramina and a canal.
        assert!(distance < if piece == 2 { 3.5 } else { 1.5 });
    }
    // Seen as a left side, the same pelvis is mirrored and its hip bones change places; the fit is as good.
    let [right, left, sacrum] = &bones;
    let mirrored =
        fit_pieces(&extended, &[Some(left), Some(right), Some(sacrum)], Side::Left, &FitOptions::default())
            .expect("it fits");
    assert!((mirrored.residual_mm - found.residual_mm).abs() < 0.3);
    let on_left = surface_distance(left, &pieces.mesh(&mirrored.mesh(), 0), |_| true).mean_mm;
    assert!(on_left < 1.5, "{on_left}");

    let (low, high) = bones[0].bounds().expect("a bone");
    let level = low.z() + 0.6 * (high.z() - low.z());
    let cut = bones.each_ref().map(|bone| {
        let kept = |t: &&[u32; 3]| t.iter().all(|&v| bone.vertices[v as usize].z() < level);
        Mesh {
            vertices: bone.vertices.clone(),
            triangles: bone.triangles.iter().filter(kept).copied().collect(),
        }
    });
    let found =
        fit_pieces(model, &cut.each_ref().map(Some), Side::Right, &FitOptions::default()).expect("it fits");
    let (completed, sds) = (found.mesh(), found.vertex_sd());
    for (piece, bone) in bones.iter().enumerate() {
        let distance =
            surface_distance(bone, &pieces.mesh(&completed, piece), |v| bone.vertices[v].z() > level + 5.0);
        let ids = pieces.vertices(piece);
        let unseen: Vec<f64> = ids.iter().filter(|&&v| !found.seen[v]).map(|&v| sds[v]).collect();
        let sd = root_mean_square(unseen.iter().copied());
        println!("piece {piece} above the cut: off by {:.1} mm, stated spread {sd:.1} mm", distance.rms_mm);
        assert!(distance.rms_mm < 2.0 * sd);
    }
}

/// Hip bones and femora of a woman who is not in the models.
fn whole_hips() -> Option<BoneSurfaces> {
    let names = [
        (Bone::HipRight, "Hip_R"),
        (Bone::HipLeft, "Hip_L"),
        (Bone::FemurRight, "Femur_R"),
        (Bone::FemurLeft, "Femur_L"),
    ];
    let read = |name: &str| file::read(&reference_data(&format!("test-only/vsd/vsd_z013_{name}.ply"))?).ok();
    names.into_iter().map(|(bone, name)| Some((bone, read(name)?))).collect()
}

fn head(anatomy: &HipAnatomy, side: Side) -> Point<Patient> {
    anatomy.side(side).head.as_ref().expect("a head").centre_mm
}

/// The part of a surface where `kept` holds.
fn part(mesh: &Mesh<Patient>, kept: impl Fn(Point<Patient>) -> bool) -> Mesh<Patient> {
    let is_kept = |t: &&[u32; 3]| t.iter().all(|&v| kept(mesh.vertices[v as usize]));
    Mesh {
        vertices: mesh.vertices.clone(),
        triangles: mesh.triangles.iter().filter(is_kept).copied().collect(),
    }
}

#[test]
fn a_pelvis_cut_below_its_spines_or_beside_has_its_anterior_plane_completed_with_its_spread() {
    let Some(bones) = whole_hips() else { return };
    let whole = measure(&bones, None);
    let plane = whole.pelvis.anterior_plane.expect("the whole pelvis has a plane").inverse();
    let (right, left) = (head(&whole, Side::Right), head(&whole, Side::Left));
    let level = (right.z() + left.z()) / 2.0 + 40.0;
    type IsSeen<'a> = &'a dyn Fn(Point<Patient>) -> bool;
    let cuts: [(&str, IsSeen<'_>); 2] = [
        ("40 mm above the heads", &|p| p.z() < level),
        ("the same, and beside the left socket", &|p| p.z() < level && p.x() < left.x() + 20.0),
    ];
    for (name, kept) in cuts {
        let surfaces: BoneSurfaces = bones.iter().map(|(&bone, mesh)| (bone, part(mesh, kept))).collect();
        let mut found = measure(&surfaces, None);
        let measured = found.clone();
        complete_pelvis(&mut found, &surfaces, None);
        assert!(found.findings.iter().any(|f| f.code == Code::PelvisCompleted), "{:?}", found.missing);
        let completion = found.pelvis.completion.take().expect("the plane is completed");
        found.findings.retain(|f| f.code != Code::PelvisCompleted);
        assert_eq!(found, measured, "what was measured stays as it was");
        // The turn between the planes, about the axes of the true one.
        let turn = |v: Vector<_>| plane.apply(completion.anterior_plane.apply(v));
        let (x, y) = (turn(Vector::new(1.0, 0.0, 0.0)), turn(Vector::new(0.0, 1.0, 0.0)));
        let (tilt, obliquity, rotation) = (x.y().asin(), (-y.z()).asin(), x.z().asin());
        let z = tilt.to_degrees() / completion.tilt_spread_deg;
        println!(
            "{name}: fitted to {:.2} mm; tilt off by {:.1} +- {:.1} degrees, obliquity {:.1}, rotation {:.1} +- {:.1}",
            completion.residual_mm,
            tilt.to_degrees(),
            completion.tilt_spread_deg,
            obliquity.to_degrees(),
            rotation.to_degrees(),
            completion.turn_spread_deg
        );
        assert!(z.abs() < 2.0, "tilt off by {z:.1} spreads");
        for turn in [obliquity, rotation] {
            assert!(turn.to_degrees().abs() < 2.0 * completion.turn_spread_deg);
        }
        for landmark in &completion.landmarks {
            let truth = whole.landmark(landmark.kind, landmark.side).expect("the whole pelvis has it");
            let off = landmark.position_mm.distance(truth.position_mm);
            println!(
                "  {:?} {}: off by {off:.1}, sure to {:.1} mm an axis",
                landmark.kind, landmark.side, landmark.spread_mm
            );
            assert!(off < 2.0 * 3.0_f64.sqrt() * landmark.spread_mm);
        }
        for (name, completed) in completion.measurements.iter() {
            let truth = &whole.measurements[name];
            assert!((completed.value - truth.value).abs() < 2.0 * completed.spread, "{name}");
        }
    }
}

#[test]
fn legs_cut_at_the_lesser_trochanters_have_a_difference_of_length_by_the_completed_ones() {
    let Some(bones) = whole_hips() else { return };
    let whole = measure(&bones, None);
    let truth = &whole.measurements[Quantity::LegLengthDifference];
    let mut surfaces = bones.clone();
    for side in Side::BOTH {
        let femur = &bones[&Bone::femur(side)];
        surfaces.insert(Bone::femur(side), cut(femur, &whole, side));
    }
    let mut found = measure(&surfaces, None);
    assert!(!found.measurements.contains(Quantity::LegLengthDifference));
    complete(&mut found, &surfaces, None);
    for side in Side::BOTH {
        let completion = found.side(side).completion.as_ref().expect("the femur is completed");
        let own = &completion.measurements[Quantity::HipLength];
        let off = own.value - whole.measurements[Quantity::HipLength.of(side)].value;
        println!("{side} hip length off by {off:.1} +- {:.1} mm", own.spread);
        assert!(off.abs() < 2.0 * own.spread);
    }
    let difference = &found.measurements[Quantity::LegLengthDifference];
    println!("difference {:.1} +- {:.1} for {:.1} mm", difference.value, difference.spread, truth.value);
    assert!((difference.value - truth.value).abs() < 2.0 * difference.spread);
    assert!(difference.spread > truth.spread && difference.method.contains("shape model"));
    assert!(found.findings.iter().any(|f| f.code == Code::LegLengthCompleted));
    assert!(found.missing.iter().all(|m| m.what != "leg_length_difference"));
}

#[test]
fn whole_femora_and_what_is_no_femur_are_not_completed() {
    let Some((target, side)) = whole_femora().into_iter().next() else { return };
    let surfaces = BoneSurfaces::from([(Bone::femur(side), target.clone())]);
    let mut whole = anatomy(&target, side);
    complete_femora(&mut whole, &surfaces, None);
    assert!(whole.side(side).completion.is_none());
    // Stretched across by a third it has a head and a neck, but is no femur of this model.
    let seen = cut(&target, &anatomy(&target, side), side);
    let head = whole.side(side).head.as_ref().expect("a head").centre_mm;
    let swollen = |p: &Point<Patient>| {
        let d = *p - head;
        let below = (-d.z() / 20.0).clamp(0.0, 1.0);
        Point::new(p.x() + 0.9 * below * d.x(), p.y() + 0.9 * below * d.y(), p.z())
    };
    let odd = Mesh { vertices: seen.vertices.iter().map(swollen).collect(), triangles: seen.triangles };
    let surfaces = BoneSurfaces::from([(Bone::femur(side), odd.clone())]);
    let mut measured = anatomy(&odd, side);
    assert!(measured.side(side).head.is_some());
    complete_femora(&mut measured, &surfaces, None);
    assert!(measured.side(side).completion.is_none());
}
