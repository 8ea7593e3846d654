//! `coxa implant`: the catalogue, and checks of one's own parts.

use crate::cli::ImplantCommand;
use crate::failure::UnusablePart;
use crate::table::Table;
use anyhow::{Result, bail};
use coxa_case::failure::file_error;
use coxa_case::input::catalogue;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::{ply, stl};
use coxa_geometry::{Angle, Mesh};
use coxa_planner::implants::{self, PartMesh, Shown};
use std::path::Path;

/// How far a written mesh may lie from the exact shape.
const MESH_TOLERANCE_MM: f64 = 0.02;

/// Runs the command.
pub fn run(command: &ImplantCommand) -> Result<()> {
    match command {
        ImplantCommand::List { implants, json } => list(implants.as_deref(), *json),
        ImplantCommand::Show { name, implants, output, size, write, json } => {
            let (catalogue, _) = catalogue(implants.as_deref(), None)?;
            if let Some(folder) = write {
                if size.is_none() && catalogue.stem(name).is_ok_and(|stem| stem.sizes.len() > 1) {
                    bail!(
                        "--write writes one stem size: choose it with --size; coxa implant show {name} lists the sizes"
                    );
                }
                return write_own(&implants::example(&catalogue, name, *size, MESH_TOLERANCE_MM)?, folder);
            }
            if let (Some(target), Some(size)) = (output, *size) {
                return match implants::show_mesh(&catalogue, name, size, MESH_TOLERANCE_MM)? {
                    PartMesh::Cup(mesh) => write_mesh(&mesh, target),
                    PartMesh::Stem(mesh) => write_mesh(&mesh, target),
                };
            }
            let shown = implants::show(&catalogue, name)?;
            if *json {
                say!("{}", serde_json::to_string_pretty(&shown)?);
            } else {
                print_family(&shown);
            }
            Ok(())
        }
        ImplantCommand::Check { part } => {
            std::fs::File::open(part).map_err(|e| file_error("read", part, &e))?;
            let problems = implants::check(part);
            if problems.is_empty() {
                say!("{}: the part can be used", part.display());
                return Ok(());
            }
            let list: Vec<String> = problems.iter().map(|p| format!("  - {p}")).collect();
            Err(UnusablePart(format!("{} cannot be used:\n{}", part.display(), list.join("\n"))).into())
        }
    }
}

/// Writes a part of one's own to start from; files that are there already are kept.
fn write_own(example: &implants::Example, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| file_error("write", folder, &e))?;
    if let Some((name, mesh)) = &example.mesh {
        let path = folder.join(name);
        if path.exists() {
            bail!("{} exists already; name another folder, or remove it", path.display());
        }
        write_mesh(mesh, &path)?;
    }
    let path = folder.join(&example.file);
    crate::new_file::write(&path, &example.text)?;
    say!(
        "{}: edit it, check it with coxa implant check, then plan with coxa plan --implants {}",
        path.display(),
        folder.display()
    );
    Ok(())
}

fn list(own: Option<&Path>, json: bool) -> Result<()> {
    let (catalogue, _) = catalogue(own, None)?;
    let listing = implants::list_catalogue(&catalogue);
    if json {
        say!("{}", serde_json::to_string_pretty(&listing)?);
        return Ok(());
    }
    for (title, families) in [("cups", &listing.cups), ("liners", &listing.liners), ("stems", &listing.stems)]
    {
        let mut table = Table::new().indented().left("").left("").left("");
        for family in families {
            table.row(&[&family.name, &family.sizes, &family.description]);
        }
        say!("{title}\n{table}");
    }
    let mut table = Table::new().indented().right("").left("").left("");
    for head in &listing.heads {
        let offsets: Vec<String> = head.offsets_mm.iter().map(|o| format!("{o:+}")).collect();
        table.row(&[
            &format_args!("{} mm", head.diameter_mm),
            &format_args!("offsets {}", offsets.join(" ")),
            &format_args!("for cups from {} mm", head.smallest_cup_mm),
        ]);
    }
    say!("heads\n{table}");
    Ok(())
}

fn print_family(shown: &Shown) {
    match shown {
        Shown::Cup {
            name,
            description,
            arc_deg,
            shell_wall_mm,
            under_reaming_mm,
            screw_holes,
            screw_lengths_mm,
            sizes,
        } => {
            say!("{name}: {description}");
            say!("  arc {arc_deg:.0}, shell wall {shell_wall_mm} mm, under-reaming {under_reaming_mm} mm");
            for (number, hole) in (1..).zip(screw_holes) {
                say!(
                    "  screw hole {number}: {:.0} from the pole, {:.0} from superior towards anterior",
                    hole.polar,
                    hole.azimuth
                );
            }
            if !screw_holes.is_empty() {
                let lengths: Vec<String> = screw_lengths_mm.iter().map(ToString::to_string).collect();
                say!("  screws of {} mm", lengths.join(", "));
            }
            let mut table = Table::new().indented().right("").left("");
            for row in sizes {
                let heads: Vec<String> = row
                    .heads_mm
                    .iter()
                    .map(|(liner, heads)| {
                        let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
                        format!("{liner} {}", if heads.is_empty() { "none".into() } else { heads.join("/") })
                    })
                    .collect();
                table.row(&[
                    &format_args!("{} mm", row.size_mm),
                    &format_args!("heads: {}", heads.join(", ")),
                ]);
            }
            say!("{table}");
        }
        Shown::Stem { name, description, taper, neck_shaft_deg, high_offset_mm, sizes } => {
            let angles: Vec<String> = neck_shaft_deg.iter().map(|a: &Angle| format!("{a:.0}")).collect();
            say!("{name}: {description}");
            say!("  taper {taper}, neck-shaft angle {}, high offset +{high_offset_mm} mm", angles.join("/"));
            let mut table = Table::new()
                .indented()
                .right("size")
                .right("length")
                .right("width")
                .right("depth")
                .left("offset/height of the head centre, mm");
            for row in sizes {
                let heads: Vec<String> =
                    row.offset_mm.iter().zip(&row.height_mm).map(|(o, h)| format!("{o:.1}/{h:.1}")).collect();
                table.row(&[
                    &row.size,
                    &format_args!("{:.1}", row.length_mm),
                    &format_args!("{:.1}", row.width_mm),
                    &format_args!("{:.1}", row.depth_mm),
                    &heads.join("  "),
                ]);
            }
            say!("{table}");
        }
    }
}

/// Writes STL or PLY by the name's ending.
fn write_mesh<F: Frame>(mesh: &Mesh<F>, target: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    match target.extension().and_then(|e| e.to_str()) {
        Some("stl") => stl::write(mesh, &mut bytes)?,
        Some("ply") => ply::write(mesh, &mut bytes)?,
        _ => bail!("{}: name a file that ends in .stl or .ply", target.display()),
    }
    std::fs::write(target, bytes).map_err(|e| file_error("write", target, &e))?;
    say!("{}: {} triangles, millimetres", target.display(), mesh.triangles.len());
    Ok(())
}
